/** The most bytes of a file's name; file systems take 255, and a browser may add a number. */
const MOST_BYTES = 200;

/** A file's name without its middle if it is too long: the end tells whose file it is, and of what kind. */
export function shortName(name: string): string {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length <= MOST_BYTES) return name;
  // A sign of several bytes may be cut.
  const part = (from: number, to?: number) => new TextDecoder().decode(bytes.slice(from, to)).replaceAll('\ufffd', '');
  return `${part(0, MOST_BYTES / 2)}-${part(1 - MOST_BYTES / 2)}`;
}

/** Downloads a file that was made in the page. */
export function download(name: string, type: string, content: BlobPart): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = shortName(name);
  link.click();
  // The browser reads the address after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
