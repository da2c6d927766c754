/** How a name gets a value: by an expression, or as the first argument of a method. */
type Binding =
  | { readonly kind: 'expression'; readonly expression: string }
  | { readonly kind: 'parameter'; readonly method: string };

const definition = /\bdef[ \t]+(?:\w+\.)?(\w+[?!]?)[ \t]*(?:\(([^)]*)\)|([^\n;=]*))/g;
const words = String.raw`%[wW](?:\[[^\]#]*\]|\([^)#]*\)|\{[^}#]*\}|<[^>#]*>)`;
const texts = String.raw`\[(?:\s*(?:'[^'\n]*'|"[^"\n]*")\s*,?)*\s*\]`;
const listed = String.raw`(${words}|${texts})(?:\.freeze)?\.(?:each|map|flat_map|filter_map|any\?|all\?|find|select)\s*(?:do|\{)\s*`;
/** A text alone, or with a condition behind it. */
const whole = /^(?:'[^'\\\n]+'|"[^"\\#\n]+")(?:\.freeze)?[ \t]*(?:$|[,;)\]}]|(?:if|unless|rescue|do|and|or)\b)/;
const beginning = /^"[^"\\#\n]+#\{/;

/** Whether an expression is a text of which at least the beginning stands there. */
export function isTold(expression: string): boolean {
  return whole.test(expression) || beginning.test(expression);
}

/**
 * Everything that binds a local name anywhere in a Ruby file: assignments, parameters of methods and of blocks. What is
 * not understood is among them as an expression that tells nothing.
 */
function bindingsOf(name: string, text: string): readonly Binding[] {
  const assigned = new RegExp(String.raw`^([^\n]*?)(?<![\w.@$:])${name}[ \t]*(?:\|\|)?=(?![=~>])[ \t]*([^\n]*)`, 'gm');
  const otherwise = new RegExp(
    String.raw`=>[ \t]*${name}\b|\bfor[ \t]+${name}\b|(?<![\w.@$:])${name}(?:[ \t]*<<|\.\w+!|\[|[ \t]*,[^=\n]*=(?![=~>]))`,
  );
  return [
    ...parameters(name, text),
    ...iterated(name, text),
    ...[...text.matchAll(assigned)].flatMap(([, before = '', value = '']) =>
      /\bdef\b/.test(before) ? [] : [told(/[,|*]\s*$/.test(before) ? before : value)],
    ),
    ...(otherwise.test(text) ? [told(name)] : []),
  ];
}

function told(expression: string): Binding {
  return { kind: 'expression', expression };
}

function parameters(name: string, text: string): readonly Binding[] {
  return [...text.matchAll(definition)].flatMap(([, method = '', inBrackets, bare = '']): readonly Binding[] => {
    const list = (inBrackets ?? bare).split(',').map((one) => one.trim());
    const index = list.findIndex((one) => new RegExp(String.raw`^[*&]*${name}(?![\w?!])`).test(one));
    const [, value] = /^\w+\s*=\s*(.+)$/.exec(list[index] ?? '') ?? [];
    if (index < 0) return [];
    if (index > 0 || !/^\w+\s*(?:=|$)/.test(list[0] ?? '')) return [told(list[index] ?? '')];
    return [{ kind: 'parameter', method }, ...(value === undefined ? [] : [told(value)])];
  });
}

/** Parameters of blocks: what a literal list holds, or nothing that can be told. */
function iterated(name: string, text: string): readonly Binding[] {
  const own = [...text.matchAll(new RegExp(String.raw`${listed}\|[ \t]*${name}[ \t]*\|`, 'g'))];
  const all = [...text.matchAll(new RegExp(String.raw`(?:do|\{)[ \t]*\|[^|\n]*(?<!\w)${name}(?!\w)[^|\n]*\|`, 'g'))];
  return [...own.flatMap(([, list = '']) => itemsOf(list).map(told)), ...(all.length > own.length ? [told(name)] : [])];
}

function itemsOf(list: string): readonly string[] {
  if (!list.startsWith('%')) return list.match(/'[^'\n]*'|"[^"\n]*"/g) ?? [];
  return list
    .slice(3, -1)
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => `'${word}'`);
}

/**
 * What calls of a method in a Ruby file pass first; undefined when the file does something else with the method, such as
 * handing it on by its name.
 */
function argumentsOf(method: string, text: string): readonly string[] | undefined {
  const expressions: string[] = [];
  const mention = new RegExp(String.raw`^([^\n]*?)(?<![\w@$])${method}(?![\w?!])([^\n]*)`, 'gm');
  for (const [, before = '', after = ''] of text.matchAll(mention)) {
    if (/\bdef[ \t]+(?:\w+\.)?$/.test(before)) continue;
    if (/^\s*(?:private|protected|public|module_function|private_class_method)\b.*:$/.test(before)) continue;
    const [, expression] = /^(?:\([ \t]*|[ \t]+(?=["'\w:@]))(.+)$/.exec(after) ?? [];
    if (expression === undefined || before.endsWith(':') || expression.includes(method)) return undefined;
    expressions.push(expression);
  }
  return expressions;
}

/** What a name can stand for: expressions that are told, and methods of which it is the first parameter. */
export interface NameValues {
  readonly expressions: readonly string[];
  readonly methods: readonly string[];
}

/** Undefined when something that binds the name tells nothing, or nothing binds it. */
export function valuesOf(name: string, text: string): NameValues | undefined {
  const bindings = bindingsOf(name, text);
  const expressions = bindings.flatMap((one) => (one.kind === 'expression' ? [one.expression] : []));
  const methods = bindings.flatMap((one) => (one.kind === 'parameter' ? [one.method] : []));
  return bindings.length > 0 && expressions.every(isTold) ? { expressions, methods } : undefined;
}

/** The told expressions that the callers of a method pass to it; undefined when one passes something else. */
export function passedTo(method: string, sources: readonly string[]): readonly string[] | undefined {
  const passed: string[] = [];
  for (const source of sources) {
    const expressions = argumentsOf(method, source);
    if (expressions === undefined) return undefined;
    for (const expression of expressions) {
      const [, name] = /^([a-z_]\w*)(?![\w?!.([])/.exec(expression) ?? [];
      const values = isTold(expression)
        ? { expressions: [expression], methods: [] }
        : name === undefined
          ? undefined
          : valuesOf(name, source);
      if (values === undefined || values.methods.length > 0) return undefined;
      passed.push(...values.expressions);
    }
  }
  return passed.length === 0 ? undefined : passed;
}
