import type { Edge } from '../model.ts';
import { absolutePath } from '../world.ts';
import type { Runner } from './runner.ts';

/** Where distributions and Apache itself have the main file. */
const standardFiles = [
  '/etc/apache2/apache2.conf',
  '/etc/apache2/httpd.conf',
  '/etc/httpd/conf/httpd.conf',
  '/usr/local/apache2/conf/httpd.conf',
];
const read = ['/etc/apache2/envvars', '/etc/apache2/magic', '/etc/mime.types', '/usr/local/apache2/conf/mime.types'];
const written = [
  '/var/log/apache2',
  '/var/run/apache2',
  '/run/apache2',
  '/run/lock/apache2',
  '/usr/local/apache2/logs',
  '/var/log/httpd',
  '/run/httpd',
];

/** `apache2 [-f file]`, `httpd` and their starters. */
export const apacheRunner: Runner = {
  id: 'apache',
  programs: /^(?:apache2|httpd|apache2ctl|apachectl|apache2-foreground|httpd-foreground)$/,
  run: ({ argv, folder }) => {
    const at = argv.indexOf('-f');
    const given = at < 0 ? undefined : absolutePath(argv[at + 1] ?? '', folder);
    return {
      edges: [
        ...(given === undefined ? standardFiles : [given]).map(
          (to): Edge => ({ to, kind: 'config', language: 'apache', certain: false }),
        ),
        ...read.map((to): Edge => ({ to, kind: 'config', certain: false })),
        ...written.map((to): Edge => ({ to, kind: 'data', detail: 'written', certain: false })),
      ],
    };
  },
};
