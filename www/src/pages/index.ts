import './language';
import '../conv-lab';
import { offline } from '../offline/register';

offline();
