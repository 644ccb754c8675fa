/**
 * The script of the worker. It only imports the code, because WebKit evaluates a worker's script a second time if a part that is loaded
 * later imports from it; then two labs would answer.
 */
import './lab-worker';
