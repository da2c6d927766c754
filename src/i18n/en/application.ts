import type { ApplicationFault } from '../../core/application-fault.ts';
import type { Sentence } from '../catalogue.ts';

/** Why an application cannot be laid into an image, or could not run in it. */
export function applicationText(fault: ApplicationFault): Sentence {
  const { path } = fault;
  switch (fault.kind) {
    case 'other':
      return { message: `${path} is not what it should be: ${fault.expected} was expected.` };
    case 'not-installed': {
      const missing = fault.missing.length === 0 ? '' : `: ${fault.missing.join(', ')}`;
      return { message: `${path} lacks what it depends on${missing}.`, hint: `Get it first: ${fault.command}` };
    }
    case 'no-main':
      return {
        message: `Nothing tells what ${path} starts with; looked for ${fault.tried.join(', ')}.`,
        hint: 'Name it in the recipe, as in "node: { path: ., main: start.js }", or give "cmd".',
      };
    case 'runtime':
      return {
        message: `${path} was made for ${fault.needed}, and the image has ${fault.available ?? 'none'}.`,
        hint: elsewhere(fault.release) ?? `Make it again with ${fault.available ?? 'what the image has'}.`,
      };
    case 'machine':
      return {
        message: `${path} is for another processor (ELF machine ${fault.machine}).`,
        hint: 'Build it for the architecture of the image, or choose that with --arch.',
      };
    case 'interpreter':
      return {
        message: `${path} needs ${fault.interpreter}, which the image does not have.`,
        hint: fault.interpreter.includes('musl')
          ? 'It was linked with musl: link it statically, or build it on Debian.'
          : 'Add the package that has it.',
      };
    case 'library':
      return {
        message: `${path} needs ${fault.name}, which the image does not have.`,
        hint: 'Add the package that has it under "packages", or copy the library beside the program.',
      };
    case 'version': {
      const what = fault.symbol === undefined ? fault.version : `${fault.symbol} in version ${fault.version}`;
      const has = fault.available === undefined ? 'has no such version' : `goes up to ${fault.available}`;
      return {
        message: `${path} needs ${what}, and ${fault.library} of the image ${has}.`,
        hint: elsewhere(fault.release) ?? 'No release that Cinzel knows has it: build on an older system.',
      };
    }
  }
}

function elsewhere(release: string | undefined): string | undefined {
  return (
    release && `${suites[release] ?? release} has it: set "distribution: ${release}", or build on an older system.`
  );
}

const suites: Readonly<Record<string, string>> = { debian12: 'Debian 12 (bookworm)', debian13: 'Debian 13 (trixie)' };
