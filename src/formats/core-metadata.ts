/** Fields of a metadata file by their lower-case names, each with all its values in order. */
export type CoreMetadata = ReadonlyMap<string, readonly string[]>;

/**
 * Reads the fields of a Python metadata file, METADATA or PKG-INFO (packaging.python.org, "Core metadata
 * specifications"): the header of an e-mail message (RFC 822). What follows the first empty line is the description and
 * is not read; a line that is no field is passed over, since old tools broke long values without indenting them.
 */
export function parseCoreMetadata(text: string): CoreMetadata {
  const fields = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of headerLines(text)) {
    const [, name, value] = /^([A-Za-z][A-Za-z0-9-]*):(.*)$/.exec(line) ?? [];
    if (/^[ \t]/.test(line)) continueValue(current, line.trim());
    else if (name === undefined) current = undefined;
    else current = addValue(fields, name.toLowerCase(), (value ?? '').trim());
  }
  return fields;
}

function* headerLines(text: string): Generator<string> {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let at = start; at < text.length; ) {
    const next = text.indexOf('\n', at);
    const end = next < 0 ? text.length : next;
    const line = text.slice(at, end).replace(/\r$/, '');
    if (line === '') return;
    yield line;
    at = end + 1;
  }
}

function addValue(fields: Map<string, string[]>, name: string, value: string): string[] {
  const values = fields.get(name) ?? [];
  fields.set(name, values);
  values.push(value);
  return values;
}

function continueValue(values: string[] | undefined, line: string): void {
  const last = values?.pop();
  if (values !== undefined && last !== undefined) values.push(`${last}\n${line}`);
}

/** The first value of a field that is not empty. */
export function metadataValue(fields: CoreMetadata, name: string): string | undefined {
  return fields.get(name)?.find((value) => value !== '' && value !== 'UNKNOWN');
}
