/** Colours, sizes and fonts as custom properties, inherited by all elements. Pairs are light and dark. */
import { css } from 'lit';

export const tokens = css`
  :host {
    --bg: light-dark(#f5f7f9, #0e1318);
    --panel: light-dark(#ffffff, #161d25);
    --sunken: light-dark(#eef1f4, #1f2831);
    --line: light-dark(#dce2e8, #2c3743);
    --line-strong: light-dark(#8593a1, #6d7d8d);
    --ink: light-dark(#15202b, #e7ecf1);
    --ink-soft: light-dark(#4f5d6b, #a3b1be);
    --accent: light-dark(#0a62ad, #63b4f4);
    --accent-hover: light-dark(#084f8c, #8ac7f8);
    --on-accent: light-dark(#ffffff, #07192b);
    --accent-soft: light-dark(#e2eefa, #17324b);
    --danger: light-dark(#a8201a, #ff9c92);
    --danger-soft: light-dark(#fdecea, #3b1f1e);
    --warn: light-dark(#7a4a00, #f5c76d);
    --warn-soft: light-dark(#fff3dc, #332810);
    --good: light-dark(#00694a, #57cfa3);
    /* Okabe and Ito's palette, distinguishable with any colour vision. */
    --train: light-dark(#0072b2, #56b4e9);
    --validation: light-dark(#c65400, #f0a830);
    --run-1: light-dark(#0072b2, #56b4e9);
    --run-2: light-dark(#c65400, #f0a830);
    --run-3: light-dark(#00795a, #3fcf9f);
    --run-4: light-dark(#a0417f, #e59ac4);
    --run-5: light-dark(#7a6a00, #e8dc5a);
    --run-6: light-dark(#3b3f9e, #a3a8ff);
    --run-7: light-dark(#6b4a2b, #d0a885);
    --run-8: light-dark(#4f5d6b, #c2ccd6);
    --steps: light-dark(#6da9cf, #3f7ea6);
    --grid: light-dark(#e6eaee, #26303a);
    --radius: 12px;
    --radius-small: 8px;
    --shadow: 0 1px 2px light-dark(rgb(16 32 48 / 6%), rgb(0 0 0 / 30%)),
      0 4px 16px light-dark(rgb(16 32 48 / 5%), rgb(0 0 0 / 20%));
    --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', 'Segoe UI Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
    color-scheme: light dark;
    color: var(--ink);
    background: var(--bg);
    font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif;
    -webkit-text-size-adjust: 100%;
    text-size-adjust: 100%;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
`;
