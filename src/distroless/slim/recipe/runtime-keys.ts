import {
  asNumber,
  asObject,
  asString,
  asStrings,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '../../../core/json.ts';
import type { LayerFile } from '../../files.ts';
import type { RecipeDocument } from '../../recipe/schema.ts';

/** The keys of a recipe that give an image the same configuration (image specification, config.md). */
export function runtimeKeys(configuration: Uint8Array, files: ReadonlyMap<string, LayerFile>): RecipeDocument {
  const config = asObject(asObject(parseJson(configuration, 'The configuration'))?.['config']) ?? {};
  const list = (key: string): string[] | undefined =>
    Array.isArray(config[key]) ? [...asStrings(config[key])] : undefined;
  const entrypoint = list('Entrypoint');
  const cmd = list('Cmd');
  const environment = list('Env') ?? [];
  const workdir = asString(config['WorkingDir']);
  const labels = textsOf(config['Labels']);
  const ports = Object.keys(asObject(config['ExposedPorts']) ?? {}).flatMap(singlePorts);
  const volumes = Object.keys(asObject(config['Volumes']) ?? {});
  const signal = asString(config['StopSignal']);
  const healthcheck = asObject(config['Healthcheck']);
  return {
    user: userNumber(asString(config['User']) ?? '', files),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(cmd === undefined ? {} : { cmd }),
    ...(environment.length === 0 ? {} : { env: Object.fromEntries(environment.map(pairOf)) }),
    ...(workdir === undefined || workdir === '' ? {} : { workdir }),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(ports.length === 0 ? {} : { ports }),
    ...(volumes.length === 0 ? {} : { volumes }),
    ...(signal === undefined || signal === '' ? {} : { 'stop-signal': signal }),
    ...(healthcheck === undefined ? {} : healthcheckKey(healthcheck)),
  };
}

/** Users in numbers, by the image's own passwd(5) and group(5): a recipe knows no other accounts than its own. */
function userNumber(user: string, files: ReadonlyMap<string, LayerFile>): string {
  const [name = '', group] = user.split(':');
  if (name === '') return '0';
  const uid = idOf(files.get('etc/passwd'), name);
  return group === undefined || group === '' ? uid : `${uid}:${idOf(files.get('etc/group'), group)}`;
}

function idOf(file: LayerFile | undefined, name: string): string {
  if (/^\d+$/.test(name)) return name;
  const lines = Buffer.from(file?.content ?? '')
    .toString('utf8')
    .split('\n');
  return lines.map((line) => line.split(':')).find(([own]) => own === name)?.[2] ?? name;
}

function pairOf(text: string): [string, string] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}

function textsOf(value: JsonValue | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(asObject(value) ?? {}).map(([key, text]) => [key, String(text)]));
}

/** A range such as `8000-8002/tcp` is its ports. */
function singlePorts(port: string): readonly string[] {
  const [, first, last, protocol = ''] = /^(\d+)-(\d+)(\/\w+)?$/.exec(port) ?? [];
  if (first === undefined || last === undefined) return [port];
  const count = Math.min(Number(last), 65_535) - Number(first) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => `${Number(first) + index}${protocol}`);
}

/** Nothing reads a healthcheck's text as a shell would unless it names the shell. */
function healthcheckKey(written: JsonObject): Pick<RecipeDocument, 'healthcheck'> {
  const [kind, ...command] = asStrings(written['Test']);
  if (kind === 'NONE') return { healthcheck: { none: true } };
  if (kind === undefined) return {};
  const milliseconds = (key: string): string | undefined => {
    const nanoseconds = asNumber(written[key]) ?? 0;
    return nanoseconds < 1e6 ? undefined : `${Math.round(nanoseconds / 1e6)}ms`;
  };
  const [interval, timeout, startPeriod] = ['Interval', 'Timeout', 'StartPeriod'].map(milliseconds);
  const retries = asNumber(written['Retries']) ?? 0;
  return {
    healthcheck: {
      command: kind === 'CMD-SHELL' ? ['/bin/sh', '-c', ...command] : command,
      ...(interval === undefined ? {} : { interval }),
      ...(timeout === undefined ? {} : { timeout }),
      ...(startPeriod === undefined ? {} : { 'start-period': startPeriod }),
      ...(retries > 0 ? { retries } : {}),
    },
  };
}
