/** The sets that files given together hold: by their folders and archives, or by their names. */
import { bytesOf } from '../base/bytes';
import { pathOf, withPath } from '../ui/dropped';

export interface Candidate {
  name: string;
  files: File[];
}

/** The most groups that are tried; each is decoded. */
const MOST_GROUPS = 12;

/** The most bytes of an archive that is unpacked here. */
const MOST_BYTES = 384 << 20;

export const isZip = ({ name }: File): boolean => /\.zip$/i.test(name);

/** The groups of files that make a complete set by themselves. */
export async function candidates(
  files: readonly File[],
  isComplete: (files: File[]) => Promise<boolean>,
): Promise<Candidate[]> {
  const [only] = files;
  const all = files.length === 1 && only && isZip(only) ? await unpacked(only) : files;
  const groups = [...groupsOf(all)];
  if (groups.length < 2 || groups.length > MOST_GROUPS) return [];
  const found: Candidate[] = [];
  for (const [name, members] of groups) {
    // Names that tell only the split leave nothing for the group.
    if (await isComplete(members)) found.push({ name: name || (members[0]?.name ?? ''), files: members });
  }
  return found;
}

/** Files by the first folder in which their paths differ; where they lie in one folder, by what their names have beside the split. */
export function groupsOf(files: readonly File[]): Map<string, File[]> {
  const paths = files.map((file) => pathOf(file).split('/'));
  const depth = commonDepth(paths);
  const isFlat = paths.every((path) => path.length <= depth + 1);
  const groups = new Map<string, File[]>();
  for (const [i, file] of files.entries()) {
    const path = paths[i] ?? [];
    const name = isFlat ? variant(file.name) : path.length > depth + 1 ? (path[depth] ?? '') : file.name;
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  return groups;
}

/** How many folders all paths have in common. */
function commonDepth(paths: readonly string[][]): number {
  const [first = []] = paths;
  let depth = 0;
  // Every path is shorter at some depth, except where there is none.
  if (paths.length === 0) return depth;
  while (paths.every((path) => path.length > depth + 1 && path[depth] === first[depth])) depth += 1;
  return depth;
}

/** A file's name without its split, its part and its format. */
const variant = (name: string): string =>
  name
    .toLowerCase()
    .replace(/train(ing)?|test|t10k|images?|labels?|idx\d|ubyte|\.(gz|zip|bin|parquet|npz|npy)\b/g, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** The files of a zip archive; none if it cannot be unpacked here. */
async function unpacked(archive: File): Promise<File[]> {
  const { unzipSync } = await import('fflate');
  let bytes = 0;
  try {
    const entries = unzipSync(await bytesOf(archive, MOST_BYTES), {
      filter: ({ name, originalSize }) => {
        bytes += originalSize;
        return bytes <= MOST_BYTES && !name.endsWith('/');
      },
    });
    if (bytes > MOST_BYTES) return [];
    return Object.entries(entries).map(([path, content]) => {
      const file = new File([content as Uint8Array<ArrayBuffer>], path.slice(path.lastIndexOf('/') + 1));
      return withPath(file, `${archive.name}/${path}`);
    });
  } catch {
    return [];
  }
}
