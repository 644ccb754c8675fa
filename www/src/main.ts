import './conv-lab';
