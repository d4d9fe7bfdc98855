import { createRoot } from 'react-dom/client';
import { Console } from './console.jsx';
import { leaveEditorOnEscape } from './leave-editor.mjs';
import './console.css';

const settings = JSON.parse(document.getElementById('console-settings').textContent);

leaveEditorOnEscape(document);
createRoot(document.getElementById('console')).render(<Console {...settings} />);
