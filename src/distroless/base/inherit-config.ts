import { asArray, asObject, asString, type JsonObject, type JsonValue } from '../../core/json.ts';

/** What the image below says of how it runs, and over it what the recipe says; maps and lists of names are joined. */
export function inheritConfig(below: JsonObject, own: JsonObject): JsonObject {
  const { Cmd: cmd, ...rest } = below;
  // A new entrypoint makes the command below it an argument of something else.
  const kept = own['Entrypoint'] === undefined && cmd !== undefined ? { ...rest, Cmd: cmd } : rest;
  const joined: Record<string, JsonValue> = Object.fromEntries(
    Object.entries({ ...kept, ...own }).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  for (const key of ['ExposedPorts', 'Labels', 'Volumes']) {
    const names = { ...asObject(below[key]), ...asObject(own[key]) };
    if (Object.keys(names).length > 0) joined[key] = names;
  }
  joined['Env'] = [...environment(below, own)].map(([name, value]) => `${name}=${value}`);
  return joined;
}

/** Variables in the order in which they were first named, each with its last value. */
function environment(...configs: readonly JsonObject[]): ReadonlyMap<string, string> {
  const lines = configs.flatMap((config) => asArray(config['Env']).flatMap((line) => asString(line) ?? []));
  return new Map(
    lines.map((line) => {
      const end = line.includes('=') ? line.indexOf('=') : line.length;
      return [line.slice(0, end), line.slice(end + 1)];
    }),
  );
}
