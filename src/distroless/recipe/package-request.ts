import type { PackageRequest, Selection } from './model.ts';
import type { RecipeDocument } from './schema.ts';

type WrittenPackage = NonNullable<RecipeDocument['packages']>[number];

/** `NAME`, `NAME=VERSION`, `NAME:{SLICE,…}`, both, or an object. */
export const packagePattern = /^([a-z0-9][a-z0-9+.-]*)(?:=([A-Za-z0-9.+~:-]*[A-Za-z0-9+~]))?(?::\{([^{}]*)\})?$/;

/** Understands an item of `packages`, which the recipe's reader has checked. */
export function compilePackage(written: WrittenPackage): PackageRequest {
  if (typeof written !== 'string') {
    const { name, version, slices, keep, drop } = written;
    return request(name, version, selectionOf({ slices, keep, drop }));
  }
  const [, name = written, version, slices] = packagePattern.exec(written) ?? [];
  return request(name, version, selectionOf({ slices: slices?.split(',').map((slice) => slice.trim()) }));
}

function request(name: string, version: string | undefined, selection: Selection | undefined): PackageRequest {
  return { name, ...(version === undefined ? {} : { version }), ...(selection === undefined ? {} : { selection }) };
}

type Lists = { readonly [Key in keyof Selection]-?: readonly string[] | undefined };

function selectionOf(lists: Partial<Lists>): Selection | undefined {
  const given = Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined));
  return Object.keys(given).length === 0 ? undefined : given;
}
