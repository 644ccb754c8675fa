/** Texts of the camera, which are loaded with it. */
import { plural } from '../base/format';
import { localized } from '../base/localized';

/** Images from a camera. */
export const CAMERA = localized('CAMERA', {
  open: 'Use the camera',
  title: 'Camera',
  how: 'Hold a button, and the class fills with frames. Turn and move the object, so that they differ. No image leaves this browser.',
  className: (number: string) => `Class ${number}`,
  nameLabel: (number: string) => `Name of class ${number}`,
  nameInvalid: (received: string) =>
    `A class’s name has 1 to 64 characters, no slash, and is not that of another class. Received: “${received}”.`,
  hold: 'Hold to record',
  holdLabel: (name: string) => `Hold to record ${name}`,
  count: (frames: number) => plural(frames, 'frame'),
  clear: 'Clear',
  add: 'Add a class',
  use: (frames: string) => `Use these ${frames} images`,
  close: 'Close the camera',
  failed: 'The camera could not be used. Another program may be using it; close that program and try again.',
  problems: {
    NotAllowedError:
      'The camera was refused. Allow it for this page in the browser’s address bar, or give image files instead.',
    NotFoundError: 'This device has no camera. Give image files instead.',
    NotSupportedError:
      'Browsers give pages a camera only over https or from localhost. Open the page that way, or give image files instead.',
  },
});
