/**
 * The script of lesson.html: the lesson that the address names, `?doc=ADDRESS`. The start page of a packed lesson names its document
 * itself, and whether a course system keeps the progress.
 */
import './page';
import type { ConvLabLesson } from '../lesson/element';
import '../lesson/element';
import { ready } from './language';
import { PAGES } from './text';

const lesson = document.querySelector<ConvLabLesson>('conv-lab-lesson');
const own = lesson?.dataset.src;
const source = own ?? new URLSearchParams(location.search).get('doc') ?? '';

if (!lesson || !source) {
  const hint = document.createElement('p');
  void Promise.resolve(ready).then(() => {
    hint.textContent = PAGES.noLesson;
    lesson?.replaceWith(hint);
  });
} else {
  lesson.addEventListener('convlab-lesson', (event) => {
    document.title = (event as CustomEvent<{ title: string }>).detail.title;
  });
  if (own && lesson.dataset.scorm !== undefined) void inCourseSystem(lesson);
  else lesson.src = source;
}

async function inCourseSystem(lesson: ConvLabLesson): Promise<void> {
  const { ScormSession } = await import('../lesson/scorm');
  const session = ScormSession.start(window);
  lesson.keeper = session;
  lesson.src = source;
  if (!session) return;
  lesson.addEventListener('convlab-lesson', () => {
    const { store } = lesson;
    if (!store) return;
    session.report(store);
    store.subscribe(() => session.report(store));
    void lesson.goTo(session.position);
  });
  addEventListener('pagehide', () => {
    session.position = lesson.position;
    session.end(lesson.store);
  });
  // The page may stay after these, so the session goes on.
  const keep = () => {
    session.position = lesson.position;
    session.keep();
  };
  addEventListener('beforeunload', keep);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') keep();
  });
}
