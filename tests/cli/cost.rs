//! `convlab cost`: the counts, and the times.

use super::folder::Folder;

#[test]
fn cost_sheets() {
    let folder = Folder::new();
    let text = folder.stdout(&["cost", "alexnet"]);
    for figure in [
        "936,323",
        "3,745 ",
        "1,049,571",
        "1,049,751 [1]",
        "62,378,344",
        "58,649,184",
        "1,135,256,096",
        "378 ms",
        "two digits",
    ] {
        assert!(text.contains(figure), "{figure}\n{text}");
    }
    let sheet =
        &folder.json(&["cost", "net-1", "--batch", "64", "--ms-per-step", "20", "--ms-error", "2", "--json"])[0];
    assert_eq!((&sheet["params"], &sheet["training"]["batch"]), (&193_034.into(), &64.into()));
    assert_eq!(sheet["time"]["measured"]["steps_per_epoch"], 625);
    assert!(sheet["time"]["by_clock"]["training_seconds"].is_number() && sheet["time"]["roofline"].is_null());
    let roof = &folder.json(&["cost", "net-1", "--gflops", "100", "--gb-per-s", "20", "--json"])[0]["time"]["roofline"];
    assert!(roof["ms_per_step"].as_f64().unwrap() > 0.0);
    let time = &folder.json(&["cost", "tiny.json", "--measure", "0.3", "--engine", "cpu", "--json"])[0]["time"];
    assert!(time["measured"]["run_seconds"].as_f64().unwrap() > 0.0);
    // The rates are measured, too.
    assert!(time["roofline"]["rates"]["gflops"].as_f64().unwrap() > 0.0, "{time}");
    let separable = &folder.json(&["cost", "--separable", "3,64,128", "--json"])[0];
    assert_eq!((&separable["standard"], &separable["separable"]), (&73_728.into(), &8_768.into()));
    assert!(folder.error(&["cost", "net-1", "--batch", "0"], 1).contains("Received: 0"));
    assert!(folder.error(&["cost", "--separable", "3,64"], 1).contains("D,M,N"));
    folder.error(&["cost"], 2);
}

#[test]
fn the_sources_answers_to_the_question_of_time_are_printed_beside_ours() {
    let folder = Folder::new();
    let text = folder.stdout(&["cost", "alexnet"]);
    let rows: Vec<Vec<&str>> = text
        .lines()
        .skip_while(|line| !line.starts_with("How long does it take?"))
        .filter(|line| line.starts_with('│'))
        .map(|line| line.trim_matches('│').split('│').map(str::trim).collect())
        .collect();
    let figures: Vec<[&str; 4]> = rows.iter().map(|row| [row[0], row[1], row[2], row[3]]).collect();
    assert_eq!(
        figures,
        [
            ["counted per image", "1,049,751", "1,135,256,096", "3,405,768,288"],
            ["taken for instructions", "31,492,530", "1,135,256,096", "3,405,768,288"],
            ["time per image", "0.012597 s", "0.37842 s", "1.1353 s"],
            ["time of 10,000 images", "125.97 s", "3,784.2 s", "11,353 s"],
            ["on two cores with four threads, at least", "40 s", "", ""],
            ["on two cores with four threads, at most", "60 s", "", ""],
            ["memory of one pass", "4.199 MB", "", ""],
            ["memory of 30 passes", "126 MB", "", ""],
        ]
    );
    assert_eq!(rows[1][4], "values × 30 passes");
    assert!(text.contains("They differ a thousandfold because a value is stored once"), "{text}");
    assert!(!folder.stdout(&["cost", "net-1"]).contains("How long does it take?"));
}

#[test]
fn a_step_of_alexnet_is_measured_in_a_batch_that_fits() {
    let folder = Folder::new();
    let measure = ["cost", "alexnet", "--measure", "0.05", "--engine", "cpu"];
    let text = folder.stdout(&measure);
    assert!(text.contains("Measured in batches of 4, not 128: "), "{text}");
    assert!(text.contains(" ms per step of 4 images\n   an epoch (2,500 steps): "), "{text}");
    let sheet = &folder.json(&[&measure[..], &["--batch", "1", "--json"]].concat())[0];
    let measured = &sheet["time"]["measured"];
    assert_eq!(
        (&measured["measured"]["batch"], &sheet["training"]["batch"]),
        (&1.into(), &1.into()),
        "a given batch counts"
    );
    assert!(measured["run_seconds"].as_f64().unwrap() > 0.0 && measured["run_error"].is_number(), "{measured}");
    // Without a measurement the sheet is of the experiment's own batch.
    assert_eq!(folder.json(&["cost", "alexnet", "--json"])[0]["training"]["batch"], 128);
}
