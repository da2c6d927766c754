import './style.css';

document.body.append('Hello from Vite');
