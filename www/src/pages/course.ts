/** The script of course.html and lessons.html. */
import './page';
import '../lesson/element';
