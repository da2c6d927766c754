import type { Edge } from '../model.ts';
import { absolutePath } from '../world.ts';
import type { Runner } from './runner.ts';

/** Where distributions and nginx itself look for the main file, and what it writes to. */
const standardFiles = [
  '/etc/nginx/nginx.conf',
  '/usr/local/nginx/conf/nginx.conf',
  '/usr/local/openresty/nginx/conf/nginx.conf',
];
const writtenFolders = ['/var/lib/nginx', '/var/log/nginx', '/var/cache/nginx', '/run/nginx', '/usr/local/nginx/logs'];

/** `nginx [-p folder] [-c file] [-g directives]`. */
export const nginxRunner: Runner = {
  id: 'nginx',
  programs: /^(?:nginx(?:-debug)?|openresty)$/,
  run: ({ argv, folder }) => {
    const at = argv.indexOf('-c');
    const given = at < 0 ? undefined : absolutePath(argv[at + 1] ?? '', folder);
    const files = given === undefined ? standardFiles : [given];
    return {
      edges: [
        ...files.map((to): Edge => ({ to, kind: 'config', language: 'nginx', certain: false })),
        ...writtenFolders.map((to): Edge => ({ to, kind: 'data', detail: 'written', certain: false, whole: true })),
      ],
    };
  },
};
