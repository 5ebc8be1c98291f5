/** `npm start`: everything on this machine, with what Node compiled before kept for the next start. */
import { enableCompileCache } from 'node:module';
import { compileCache } from './start/compile-cache.ts';

enableCompileCache(compileCache);
await import('./start/run.ts');
