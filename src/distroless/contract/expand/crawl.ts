import type { CrawlProbe, HttpProbe } from '../model.ts';
import { askHttp, questionOf } from '../probes/http-probe.ts';
import type { Played } from '../probes/probe-player.ts';

const usualDepth = 3;
const usualPages = 100;

/**
 * The pages that links lead to from the first one, on the same server, breadth first and each once, as a probe each.
 * What only forms, scripts and computed addresses lead to is not found.
 */
export async function crawlPages(probe: CrawlProbe, played: Played): Promise<readonly HttpProbe[]> {
  const { crawl, depth = usualDepth, pages = usualPages, name: _name, ...rest } = probe;
  const first = new URL(crawl, base);
  const found = new Set([pathOf(first)]);
  let level = [...found];
  for (let step = 0; step < depth && level.length > 0 && found.size < pages; step++) {
    const next: string[] = [];
    for (const path of level) {
      for (const link of await linksOf(path, { ...rest, http: path }, played)) {
        if (found.has(link) || found.size >= pages) continue;
        found.add(link);
        next.push(link);
      }
    }
    level = next;
  }
  return [...found].map((path) => ({ ...rest, http: path }));
}

const base = 'http://localhost';

async function linksOf(path: string, probe: HttpProbe, played: Played): Promise<readonly string[]> {
  const answer = await askHttp(questionOf(probe, played), played).catch(() => undefined);
  const type = answer?.headers['content-type'] ?? '';
  const location = answer?.headers['location'];
  const text = answer !== undefined && /html|css/.test(type) ? Buffer.from(answer.body).toString('utf8') : '';
  const written = [
    ...(location === undefined ? [] : [location]),
    ...[...text.matchAll(/\b(?:href|src|action)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))/gi)].map(
      ([, double, single, bare]) => double ?? single ?? bare ?? '',
    ),
    ...[...text.matchAll(/url\(\s*["']?([^"')]+)["']?\s*\)/g)].map(([, url]) => url ?? ''),
  ];
  return written.flatMap((link) => sameServer(link.replaceAll('&amp;', '&'), path));
}

function sameServer(link: string, page: string): readonly string[] {
  try {
    const url = new URL(link, new URL(page, base));
    return url.hostname === 'localhost' && /^https?:$/.test(url.protocol) ? [pathOf(url)] : [];
  } catch {
    return [];
  }
}

function pathOf(url: URL): string {
  return `${url.pathname}${url.search}`;
}
