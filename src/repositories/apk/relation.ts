import { versionSchemes } from '../../versions/index.ts';

/** A need of a package, or of a request (apk-world(5)): `so:libssl.so.3`, `openssl>=3`, `nginx~1.26@edge`, `!busybox`. */
export interface ApkRelation {
  readonly name: string;
  /** Whether it shuts out what it names. */
  readonly isConflict: boolean;
  /** Any of `<`, `=`, `>` and `~`; or `><`, by checksum. */
  readonly operator?: string;
  /** There when the operator is. */
  readonly version?: string;
  /** The tag of the repository to take it from. */
  readonly tag?: string;
}

/** A name that a package has or provides; without a version it fits only relations without one. */
export interface ApkOffer {
  readonly name: string;
  readonly version?: string;
}

const pattern = /^(!?)([^\s!=<>~@]+)(?:(><|[<>]?[=~]{0,2})([^\s=<>~@][^\s=<>@]*=?))?(?:@([^\s@]+))?$/;

/** Undefined for a text that is no relation. */
export function parseApkRelation(text: string): ApkRelation | undefined {
  const [, mark, name, operator, version, tag] = pattern.exec(text) ?? [];
  if (name === undefined || (version !== undefined && operator === '')) return undefined;
  return {
    name,
    isConflict: mark === '!',
    ...(operator === undefined || version === undefined ? {} : { operator, version }),
    ...(tag === undefined ? {} : { tag }),
  };
}

/** The relation as apk writes it. */
export function formatApkRelation({ name, operator = '', version = '', tag }: ApkRelation): string {
  return `${name}${operator}${version}${tag === undefined ? '' : `@${tag}`}`;
}

/** Names with the versions in which they are provided: `so:libz.so.1=1.3.1 cmd:minigzip=1.3.1-r1 zlib-dev`. */
export function parseOffers(field: string): readonly ApkOffer[] {
  return words(field).map((word) => {
    const [name = word, version] = word.split('=');
    return { name, ...(version === undefined ? {} : { version }) };
  });
}

export function words(field: string): readonly string[] {
  return field.split(/\s+/).filter((word) => word !== '');
}

/** Whether an offer of that name and package checksum is what the relation names; that it shuts out does not count. */
export function offerFits({ version }: ApkOffer, relation: ApkRelation, checksum: string): boolean {
  const { operator, version: wanted } = relation;
  if (operator === undefined || wanted === undefined) return true;
  if (operator === '><') return checksum === wanted;
  if (version === undefined) return false;
  if (operator.includes('~') && isWithin(version, wanted)) return true;
  const order = versionSchemes.apk.compare(version, wanted);
  if (order === 0) return operator.includes('=') || operator.includes('~');
  return operator.includes(order < 0 ? '<' : '>');
}

/** `1.2` holds `1.2.3-r0` and `1.2_rc1`, but not `1.20`. */
function isWithin(version: string, prefix: string): boolean {
  if (!version.startsWith(prefix)) return false;
  const kinds = [prefix.at(-1) ?? '', version.charAt(prefix.length)].map((character) =>
    /\d/.test(character) ? 'digit' : /[a-z]/i.test(character) ? 'letter' : character,
  );
  return kinds[0] !== kinds[1];
}
