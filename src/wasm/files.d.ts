/** What a decoded set is, besides its pictures. */
export interface DatasetHead {
  name: string;
  title: string;
  classes: string[];
  /** Height, width and channels of a picture. */
  size: [number, number, number];
}
