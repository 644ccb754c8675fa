/** Detects features by trying them. The name of the browser is used only to say where WebGPU is turned on. */

/** Whether the browser has `light-dark()` colours and container queries (both since 2024). */
export const hasStyles = (): boolean =>
  CSS.supports('color', 'light-dark(red, red)') && CSS.supports('container-type', 'inline-size');

/** The colour schemes that can be chosen. Without a choice, the colours follow the system or the page around. */
export const THEMES = ['light', 'dark'] as const;
export type Theme = '' | (typeof THEMES)[number];

export type Browser = 'chromium-linux' | 'chromium' | 'firefox' | 'safari' | 'other';

export function browserOf(userAgent: string): Browser {
  if (/firefox|fxios/i.test(userAgent)) return 'firefox';
  if (/chrome|chromium|crios|edg\//i.test(userAgent)) {
    return /linux|x11/i.test(userAgent) && !/android/i.test(userAgent) ? 'chromium-linux' : 'chromium';
  }
  return /safari/i.test(userAgent) ? 'safari' : 'other';
}
