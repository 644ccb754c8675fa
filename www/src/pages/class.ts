/** The script of class.html. */
import './language';
import '../class/view';
import { offline } from '../offline/register';

offline();
