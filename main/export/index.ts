export { type ExportFormat, exportFormats, exportReport } from './export.js';
