/** Addresses that an attribute names. */

/** An absolute http(s) address; null for any other text, such as `javascript:…`. */
export function webAddress(text: string): URL | null {
  const base = typeof document === 'undefined' ? undefined : document.baseURI;
  if (!URL.canParse(text, base)) return null;
  const address = new URL(text, base);
  return /^https?:$/.test(address.protocol) ? address : null;
}
