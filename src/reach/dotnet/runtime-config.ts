import { asArray, asObject, asString, parseJson } from '../../core/json.ts';

/** A shared framework that an application, or another framework, is made for. */
export interface FrameworkNeed {
  readonly name: string;
  readonly version: string;
  readonly rollForward?: string;
}

/** What `NAME.runtimeconfig.json` says (dotnet/sdk, runtime-configuration-file.md). */
export interface RuntimeConfig {
  /** None for an application that brings its runtime. */
  readonly frameworks: readonly FrameworkNeed[];
  /** No ICU is loaded. */
  readonly isInvariant: boolean;
}

/** Undefined for what is no such file; comments, which the host allows, are not understood. */
export function readRuntimeConfig(text: string): RuntimeConfig | undefined {
  const options = asObject(asObject(tryJson(text))?.['runtimeOptions']);
  if (options === undefined) return undefined;
  const common = asString(options['rollForward']);
  const frameworks = [options['framework'], ...asArray(options['frameworks'])].flatMap((item): FrameworkNeed[] => {
    const one = asObject(item);
    const [name, version] = [asString(one?.['name']), asString(one?.['version'])];
    const rollForward = asString(one?.['rollForward']) ?? common;
    if (name === undefined || version === undefined || !/^[\w.-]+$/.test(name)) return [];
    return [{ name, version, ...(rollForward === undefined ? {} : { rollForward }) }];
  });
  const isInvariant = asObject(options['configProperties'])?.['System.Globalization.Invariant'] === true;
  return { frameworks, isInvariant };
}

function tryJson(text: string): ReturnType<typeof parseJson> | undefined {
  try {
    return parseJson(text, 'runtimeconfig.json');
  } catch {
    return undefined;
  }
}
