/** Devices whose numbers the estimate by the clock can use. */
interface Profile {
  name: string;
  about: string;
  /** Undefined: the field stays as it is, since pages cannot read this device's clock. */
  clockGhz: number | undefined;
  cores: () => number;
  memoryGb: number | null;
}

export const PROFILES: Record<string, Profile> = {
  i3: {
    name: 'i3 of the course: 3.06 GHz, 2.5 free',
    about: 'Two cores, four threads, 4 GB; other programs leave 2.5 of its 3.06 GHz free.',
    clockGhz: 2.5,
    cores: () => 2,
    memoryGb: 4,
  },
  here: {
    name: 'this device',
    about: 'Its cores are known; a page cannot read its clock, so enter it. Measuring is better.',
    clockGhz: undefined,
    cores: () => navigator.hardwareConcurrency,
    memoryGb: null,
  },
  phone: {
    name: 'a phone: 2 GHz, 4 fast cores',
    about: 'Four fast cores, about 4 GB for all programs; it becomes slower as it gets warm.',
    clockGhz: 2,
    cores: () => 4,
    memoryGb: 4,
  },
};
