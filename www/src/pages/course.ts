/** The script of course.html. */
import './page';
