/** The files of a drop event, including those in dropped folders, and where in these folders they lie. */

const paths = new WeakMap<File, string>();

/** The path of a file below the folder that was dropped or picked; its name if it was dropped alone. */
export const pathOf = (file: File): string => paths.get(file) ?? (file.webkitRelativePath || file.name);

/** Gives a file that was made in the page a place in a folder. */
export function withPath(file: File, path: string): File {
  paths.set(file, path);
  return file;
}

export function hasFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') ?? false;
}

export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  // The items must be read before the first await, because the list is empty afterwards. An entry is asked for its files only if it is
  // a folder: in WebKit the entry of a file that a script has made never answers.
  const items = [...transfer.items].map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  if (items.length === 0) return [...transfer.files];
  const found = items.map(({ entry, file }) => (entry && isDirectory(entry) ? filesIn(entry) : file ? [file] : []));
  return (await Promise.all(found)).flat();
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    paths.set(file, entry.fullPath.replace(/^\//, ''));
    return [file];
  }
  if (!isDirectory(entry)) return [];
  const reader = entry.createReader();
  const files: File[] = [];
  // A reader returns the entries of a folder in batches of a hundred, and an empty batch at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return files;
    files.push(...(await Promise.all(some.map(filesIn))).flat());
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** The start of a JSON file that tells what it is; Keras writes the class of a model and its configuration. */
const START = 1 << 16;

/** Whether a file is a model, weights or code: by its name, and a JSON file by its content (`model.to_json()` of Keras). */
export async function isModelFile(file: File): Promise<boolean> {
  if (/\.(keras|h5|hdf5|onnx|safetensors|py|ipynb)$/i.test(file.name)) return true;
  if (!/\.json$/i.test(file.name)) return false;
  const start = await file.slice(0, START).text();
  return /"class_name"\s*:/.test(start) && /"config"\s*:/.test(start);
}
