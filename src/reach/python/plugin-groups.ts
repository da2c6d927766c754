/**
 * Groups of entry points that packages load by a name that they compute, by the package: SQLAlchemy's dialects are asked for
 * by the scheme of a URL, Celery's result backends and Kombu's serializers by settings.
 */
const groups: Readonly<Record<string, readonly string[]>> = {
  celery: ['celery.commands', 'celery.result_backends', 'celery.worker_pools', 'celery.beat_schedulers'],
  gunicorn: ['gunicorn.loggers', 'gunicorn.workers'],
  keyring: ['keyring.backends'],
  kombu: ['kombu.serializers'],
  markdown: ['markdown.extensions'],
  sqlalchemy: ['sqlalchemy.dialects', 'sqlalchemy.plugins'],
};

export function pluginGroups(topLevel: string): readonly string[] {
  return Object.hasOwn(groups, topLevel) ? (groups[topLevel] ?? []) : [];
}
