import { createRoot } from 'react-dom/client';
import { Console } from './console.jsx';
import { leaveEditorOnEscape } from './leave-editor.mjs';
import { nameEditors } from './name-editors.mjs';
import './console.css';

const settings = JSON.parse(document.getElementById('console-settings').textContent);

leaveEditorOnEscape(document);
nameEditors(document);
createRoot(document.getElementById('console')).render(<Console {...settings} />);
