import { createRoot } from 'react-dom/client';
import { config } from 'zod';
import { App } from './app.js';

// The content security policy forbids generated code; zod must not even try.
config({ jitless: true });

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
