/** course.html needs nothing but labs. */
import './page';
