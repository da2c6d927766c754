import { readFile } from 'node:fs/promises';
import { asArray, asObject, asString, type JsonObject, type JsonValue } from '../../../core/json.ts';
import type { HttpProbe, OpenApiProbe } from '../model.ts';
import { askHttp, questionOf } from '../probes/http-probe.ts';
import type { Played } from '../probes/probe-player.ts';
import { resolveReference } from './resolve-reference.ts';
import { exampleOf } from './schema-example.ts';

const methods = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete'] as const;

/**
 * A request for each operation that an OpenAPI (2 or 3) document describes, in its order, with the document's examples
 * for parameters and bodies, else values that fit their schemas. Those that delete come last.
 */
export async function openApiRequests(probe: OpenApiProbe, played: Played): Promise<readonly HttpProbe[]> {
  const { openapi: _openapi, name: _name, ...rest } = probe;
  const document = await documentOf(probe, played);
  const base = basePath(document);
  const requests = Object.entries(asObject(document['paths']) ?? {}).flatMap(([path, value]) => {
    const item = asObject(value) ?? {};
    return methods.flatMap((method): readonly HttpProbe[] => {
      const operation = asObject(item[method]);
      if (operation === undefined) return [];
      const parameters = [...asArray(item['parameters']), ...asArray(operation['parameters'])].map((one) =>
        resolveReference(one as JsonValue, document),
      );
      const body = bodyOf(operation, parameters, document);
      return [
        {
          ...rest,
          http: `${base}${filled(path, parameters, document)}`,
          method: method.toUpperCase(),
          headers: { ...headersOf(parameters, document), ...rest.headers },
          ...(body === undefined ? {} : { body: body as HttpProbe['body'] }),
        },
      ];
    });
  });
  const deletes = requests.filter(({ method }) => method === 'DELETE');
  return [...requests.filter(({ method }) => method !== 'DELETE'), ...deletes];
}

async function documentOf(probe: OpenApiProbe, played: Played): Promise<JsonObject> {
  const { openapi, name: _name, compare: _compare, ...rest } = probe;
  const text = openapi.startsWith('/')
    ? Buffer.from((await askHttp(questionOf({ ...rest, http: openapi }, played), played)).body).toString('utf8')
    : await readFile(openapi, 'utf8');
  const { parse } = await import('yaml');
  // YAML contains JSON.
  const document = asObject(parse(text, { maxAliasCount: 100 }) as JsonValue);
  if (document?.['paths'] === undefined) throw new Error('this is no OpenAPI document');
  return document;
}

function basePath(document: JsonObject): string {
  const server = asString(asObject(asArray(document['servers'])[0] as JsonValue)?.['url']);
  const path =
    asString(document['basePath']) ?? (server === undefined ? '' : new URL(server, 'http://localhost').pathname);
  return path.replace(/\/$/, '');
}

function parameterValue(parameter: JsonObject, document: JsonObject): string {
  const examples = Object.values(asObject(parameter['examples']) ?? {});
  const given = parameter['example'] ?? asObject(examples[0])?.['value'];
  const value = given ?? exampleOf(asObject(parameter['schema']) ?? parameter, document);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function filled(path: string, parameters: readonly JsonObject[], document: JsonObject): string {
  const text = path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const parameter = parameters.find((one) => one['in'] === 'path' && one['name'] === name);
    return encodeURIComponent(parameter === undefined ? '1' : parameterValue(parameter, document));
  });
  const query = parameters.flatMap((one) =>
    one['in'] === 'query' && one['required'] === true
      ? [`${encodeURIComponent(asString(one['name']) ?? '')}=${encodeURIComponent(parameterValue(one, document))}`]
      : [],
  );
  return query.length === 0 ? text : `${text}?${query.join('&')}`;
}

function headersOf(parameters: readonly JsonObject[], document: JsonObject): Record<string, string> {
  return Object.fromEntries(
    parameters.flatMap((one) =>
      one['in'] === 'header' && one['required'] === true
        ? [[asString(one['name']) ?? '', parameterValue(one, document)]]
        : [],
    ),
  );
}

function bodyOf(operation: JsonObject, parameters: readonly JsonObject[], document: JsonObject): unknown {
  const old = parameters.find((one) => one['in'] === 'body');
  if (old !== undefined) return exampleOf(asObject(old['schema']) ?? {}, document);
  const content = asObject(resolveReference(operation['requestBody'], document)['content']);
  const media = asObject(Object.entries(content ?? {}).find(([type]) => type.includes('json'))?.[1]);
  if (media === undefined) return undefined;
  const examples = Object.values(asObject(media['examples']) ?? {});
  return media['example'] ?? asObject(examples[0])?.['value'] ?? exampleOf(asObject(media['schema']) ?? {}, document);
}
