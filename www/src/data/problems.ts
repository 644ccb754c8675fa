/** Why given files could not be used. */
import { integer } from '../base/format';
import { sentence } from '../lab/messages';
import { LAB } from '../lab/text';
import type { FileProblem, FilesResult } from '../worker/protocol';
import { DATA } from './text';

/** Whether files were refused because they belong to another set, or to several that fit. */
export type Refusal = 'no' | 'other' | 'several';

/** A set that is complete and still not usable is a mixture of several, or another one in the same format. */
export function refusal({ info, problems, recognised, missing }: FilesResult): Refusal {
  if (info || problems.length === 0) return 'no';
  if (recognised.length === 0) return 'other';
  return missing.length === 0 ? 'several' : 'no';
}

/** One sentence per file; more than two problems are summed up in one sentence. */
export function problemTexts(problems: FileProblem[]): string[] {
  if (problems.length <= 2) return problems.map(withFile);
  const [first] = problems;
  if (!first) return [];
  return [DATA.problems(integer(problems.length), withFile(first))];
}

/** Adds the name of the file, unless the engine's message already has it. */
function withFile(problem: FileProblem): string {
  const text = sentence(problem);
  return text.includes(problem.file) ? text : LAB.problem(problem.file, text);
}
