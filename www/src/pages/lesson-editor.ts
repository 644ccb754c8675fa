/** The script of lesson-editor.html. `?doc=ADDRESS` opens a lesson of this site. */
import './page';
import type { LessonEditor } from '../editor/editor';
import { LabHost } from '../embed/host';
import { fetchDocument } from '../embed/load';
import { ready } from './language';

/** The editor's texts are read when it is loaded, so it waits for the language. */
async function start(editor: LessonEditor): Promise<void> {
  // Before the element is defined: it takes the value over when it becomes one.
  editor.site = LabHost.site;
  await ready;
  await import('../editor/editor');
  const source = new URLSearchParams(location.search).get('doc');
  if (!source) return;
  try {
    // A lesson of another site is saved and opened as a file, which needs no question.
    const { text } = await fetchDocument('lesson', source, [location.origin], async () => false);
    await editor.open(text);
  } catch (error) {
    editor.say(error instanceof Error ? error.message : String(error));
  }
}

const editor = document.querySelector<LessonEditor>('lesson-editor');
if (editor) void start(editor);
