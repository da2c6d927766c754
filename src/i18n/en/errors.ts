import type { RecipeProblem } from '../../core/errors.ts';
import { defaultLimits } from '../../core/limits.ts';
import { isCertificateProblem, type Problem } from '../../core/problems.ts';
import type { ErrorMessages } from '../catalogue.ts';
import { type UnmetWords, unmetText } from '../unmet-text.ts';
import { applicationText } from './application.ts';
import { ofProblem } from './problems.ts';
import { keyText, signatureText } from './signature-texts.ts';
import { ofSubject } from './subjects.ts';

const unmetWords: UnmetWords = {
  request: 'the request',
  needs: (who, what) => `${who} needs ${what}`,
  whichNeeds: (what) => `, which needs ${what}`,
  nothing: ', which nothing provides',
  only: (versions) => `, of which there is only ${versions}`,
  conflicts: (who, what) => `${who} conflicts with ${what}`,
  neededBy: (who) => `, which ${who} needs`,
  provided: (other) => `, which ${other} is or provides`,
  versions: (name, [one, other]) => `${name} cannot be both ${one} and ${other}`,
  more: (count) => `and ${count} more`,
};

export const errors: ErrorMessages = {
  'usage.invalid': ({ sentence }) => ({ message: sentence, hint: 'Run "cinzel --help" to see what is possible.' }),
  'usage.outputs': () => ({
    message: 'Only one output can go to stdout.',
    hint: 'Give the others a file: -o json=scan.json.',
  }),
  'usage.one-result': ({ format }) => ({
    message: `The format ${format} holds one result only.`,
    hint: `Give it a file, of which each result gets its own: -o ${format}=scan.${format}.`,
  }),
  'usage.no-destination': () => ({
    message: 'The destination of the image is not given.',
    hint: 'Say where it goes, for example: -o oci:image.',
  }),
  'usage.no-slim-destination': () => ({
    message: 'The destination of the image is not given.',
    hint: 'Say where it goes, for example -o oci:image, or ask for a recipe of it (--recipe app.yaml) or the plan alone (--plan).',
  }),
  'usage.untraced': ({ runtime }) => ({
    message: `${runtime} does not tell what a run uses.`,
    hint: 'Use --runtime bubblewrap.',
  }),
  'usage.host-program': ({ engine, program }) => ({
    message: `${engine} cannot run ${program} of this machine.`,
    hint: 'Give the service an image, or use --runtime bubblewrap.',
  }),
  'usage.written-paths': () => ({ message: 'Only a run tells which paths are written.', hint: 'Add --trace.' }),
  'usage.profile-file': ({ kind }) => ({
    message: `The profile ${kind} needs a file.`,
    hint: `Say where it goes: --profile ${kind}=FILE.`,
  }),
  'usage.same-repositories': ({ ending }) => ({
    message: `Two repositories end in "${ending}".`,
    hint: 'Locks name repositories by the last two folders of their addresses: these must differ.',
  }),
  'usage.together': ({ one, other }) => ({
    message: `${one} and ${other} leave nothing of each other.`,
    hint: 'Give one of them.',
  }),
  'usage.one-image': ({ leave }) => ({
    message: 'This destination holds one image only.',
    hint: `Use oci:, oci-archive: or a registry for several, or leave out ${leave}.`,
  }),
  'usage.compression': () => ({
    message: '--compression makes one new image.',
    hint: 'It goes with a registry or an OCI layout, and without --all-platforms and --referrers.',
  }),
  'usage.no-recipe': ({ name, near, ready }) => ({
    message: `There is no recipe "${name}".${near === undefined ? '' : ` Did you mean "${near}"?`}`,
    hint: `A recipe is a file, or one of the ready ones: ${ready}.`,
  }),
  'usage.recipe-circle': ({ files }) => ({ message: `Recipes go in a circle: ${files.join(' → ')}.` }),
  'usage.recipe-distributions': ({ named }) => ({
    message: `A recipe has one distribution, and this one has ${named.join(' and ')}.`,
    hint: 'Look at the recipes that it is made from.',
  }),
  'usage.recipe-account': ({ kind, name }) => ({
    message: `The recipe has no ${kind} "${name}".`,
    hint: `Add it under "${kind}s", or give a number.`,
  }),
  'usage.slim-recipe': ({ problem, name }) => {
    const sentences = {
      distribution: {
        message: `No recipe can make this image: it is ${name}, and recipes of slimmed images are of Debian 12 and 13.`,
        hint: 'The slimmed image itself can be written: -o oci:image.',
      },
      architecture: {
        message: `No recipe can make this image: ${name} is of another architecture than recipes can name with the rest.`,
        hint: 'The slimmed image itself can be written: -o oci:image.',
      },
      name: {
        message: `No recipe can copy ${name}: its name is not UTF-8.`,
        hint: 'The slimmed image itself can be written: -o oci:image.',
      },
      there: {
        message: `${name} is there already, and what the recipe copies would go into it.`,
        hint: 'Remove it, or give the recipe another name.',
      },
      nothing: {
        message: `${name} is distroless already: there is nothing to slim, and no recipe to make of it.`,
        hint: 'An image that Cinzel built holds its recipe: cinzel build --check.',
      },
    };
    return sentences[problem];
  },
  'usage.capabilities': ({ path }) => ({
    message: `"capabilities" names ${path}, and there the recipe has no file.`,
    hint: 'Name a file of its packages, of "files" or of the application; an image below stays as it is.',
  }),
  'usage.outside-recipe': ({ path }) => ({
    message: `"${path}" is outside the folder of the recipe.`,
    hint: 'Copy what is needed into that folder first.',
  }),
  'usage.not-copied': ({ path }) => ({ message: `${path} is neither a file nor a folder nor a link.` }),
  'usage.no-repositories': ({ distribution }) => ({
    message: `The recipe names no repository of ${distribution}.`,
    hint: 'List their addresses under "repositories", and the files of the keys that sign them under "keys".',
  }),
  'usage.base-image': ({ image, problem }) => ({
    message: `The image cannot be made on ${image}: ${ofProblem(problem)}.`,
  }),
  'usage.certificates': () => ({
    message: 'Further certificates need the package ca-certificates.',
    hint: 'The recipe "static" and all that is made from it has it.',
  }),
  'usage.reference': ({ reference, problem }) => ({
    message: `"${reference}" is not a reference that can be opened: ${ofProblem(problem)}.`,
    hint: 'Examples: nginx:1.27, docker-archive:image.tar, oci:folder:tag, oci-archive:image.tar, dir:/rootfs.',
  }),
  'usage.platform': ({ wanted, available }) => ({
    message: `The image has no platform ${wanted}; it has ${available}.`,
    hint: 'Choose one of them with --platform (build --check: --arch).',
  }),
  'usage.choice': ({ reference, available }) => ({
    message: `"${reference}" holds several images: ${available}.`,
    hint: 'Add the name of one of them after a colon, as in docker-archive:image.tar:name:tag.',
  }),
  'usage.configuration': ({ path, problem }) => ({ message: `${path}: ${ofProblem(problem)}.` }),
  'usage.value': ({ name, value, allowed }) => ({
    message: `"${value}" is no value for ${name}.`,
    hint: `Allowed: ${allowed}.`,
  }),
  'usage.key': ({ path, problem }) => ({ message: keyText(path, problem) }),
  'usage.sign': ({ destination }) => ({
    message: `${destination} has no place for a signature.`,
    hint: 'Write to a registry or an OCI layout, or leave out --sign.',
  }),
  'usage.no-key': () => ({ message: 'A public key is missing.', hint: 'Name its file: --key cosign.pub.' }),
  'usage.entrypoint': () => ({
    message: 'The image runs nothing: it has neither entrypoint nor command.',
    hint: 'Reach begins at what an image runs; name an image that has an ENTRYPOINT or CMD.',
  }),
  'usage.destination': ({ path, problem }) => ({
    message: `${path} cannot be written to: ${ofProblem(problem)}.`,
    hint: 'Name a new path, or an image of the same kind that may be replaced.',
  }),
  'usage.base': ({ image, base }) => ({
    message: `${base} is not the base of ${image}, which does not begin with its layers.`,
    hint: 'The tag may have moved since the image was built: name the base by its digest then, NAME@sha256:….',
  }),
  'usage.no-base': ({ image, setting, stated }) => ({
    message: `${setting} needs the base of ${image}, which is not known.`,
    hint: `Name the base image with --base ${stated}.`,
  }),
  'usage.conflict': ({ path, one, other }) => ({
    message: `${one} and ${other} both want ${path}.`,
    hint: 'Leave one of them out, or leave the path out of one with "drop".',
  }),
  'usage.recipe': ({ path, line, column, fault }) => ({
    message: `${path}:${line}:${column}: ${documentProblem(fault, 'the recipe')}`,
    hint: 'The keys of a recipe are in docs/build/recipes.md.',
  }),
  'usage.contract': ({ path, line, column, fault }) => ({
    message: `${path}:${line}:${column}: ${documentProblem(fault, 'the contract')}`,
    hint: 'The keys of a contract are in docs/commands/contract.md.',
  }),
  'usage.contract-fails': ({ probe, problem }) => ({
    message: `The image does not keep the contract itself: "${probe}" ${problem}.`,
    hint: 'Correct the probe, or give the image more time: ready: {within: 60s}.',
  }),
  'usage.other-contract': ({ answers }) => ({
    message: `${answers} was recorded with another contract.`,
    hint: 'Record it again: cinzel contract record IMAGE.',
  }),
  'usage.unsatisfiable': ({ steps }) => ({
    message: `No set of packages meets the request: ${unmetText(steps, unmetWords)}.`,
    hint: 'Change the packages or their versions in the recipe.',
  }),
  'usage.architecture': ({ release, architecture, available }) => ({
    message: `${release} has no packages for ${architecture}.`,
    hint: `It has them for: ${available}.`,
  }),
  'usage.unsolved': ({ wanted }) => ({
    message: `It took too many steps to choose packages for ${wanted}.`,
    hint: 'Name the packages, or their versions, that are to fill what several could.',
  }),
  'usage.application': ({ fault }) => applicationText(fault),
  'usage.end-of-life': ({ release }) => ({
    message: `The support of ${release} has ended: nobody fixes its packages any more.`,
    hint: 'Choose a newer release, or allow it with --allow-eol.',
  }),
  'environment.not-found': ({ what, available }) => ({
    message: `${ofSubject(what)} was not found.`,
    ...(available === undefined ? {} : { hint: `There are: ${available}.` }),
  }),
  'environment.permission': ({ path }) => ({ message: `No permission to use ${path}.` }),
  'environment.read': ({ path, problem }) => ({ message: `${path} could not be read: ${ofProblem(problem)}.` }),
  'environment.write': ({ path, problem }) => ({ message: `${path} could not be written: ${ofProblem(problem)}.` }),
  'environment.disk-full': ({ path }) => ({
    message: `There is not enough free space to write ${path}.`,
    hint: 'Free some space, or run "cinzel cache prune".',
  }),
  'environment.missing-tool': ({ tool, install }) => ({
    message: `${tool} is needed and is not installed.`,
    hint: install === undefined ? 'Install the package that has it.' : `Install it with: ${install}`,
  }),
  'environment.sandbox': ({ problem }) => ({
    message: `No sandbox can be made on this machine: ${problem}`,
    hint: 'Run as root, or allow user namespaces.',
  }),
  'environment.platform': ({ image, machine }) => ({
    message: `The image is for ${image} and this machine is ${machine}, so that it cannot be run here.`,
    hint: 'Register an emulator (on Debian: qemu-user-static), or leave out what runs it.',
  }),
  'environment.sandbox-image': ({ problem }) => ({
    message: `The sandbox cannot run this image: ${problem}`,
    hint: 'It changes users or owners. Run as root.',
  }),
  'environment.runtime': ({ runtime, problem }) => ({ message: `${runtime} could not run the image: ${problem}` }),
  'environment.network': ({ url, problem, proxy }) => ({
    message: `${url} could not be reached${proxy === undefined ? '' : ` through the proxy ${proxy}`}: ${ofProblem(problem)}.`,
    hint: networkHint(problem, proxy),
  }),
  'environment.http': ({ url, status, retryAfter }) => ({
    message: `${url} answered with status ${status}.`,
    ...statusHint(status, retryAfter),
  }),
  'environment.unauthorized': ({ host }) => ({
    message: `${host} refused access.`,
    hint: 'Log in with your container tool, or pass --username and set CINZEL_PASSWORD.',
  }),
  'environment.offline': ({ what }) => ({
    message: `${ofSubject(what)} needs the network, and --offline forbids it.`,
    hint: 'Leave out --offline, or fetch it before.',
  }),
  'environment.no-store': ({ path }) => ({
    message: `There is no advisory store at ${path}.`,
    hint: 'Run "cinzel db update" while the network is there, or point CINZEL_DB_DIR at a store.',
  }),
  'environment.locked': ({ path }) => ({
    message: `Another process is writing ${path}.`,
    hint: 'Try again when it has ended.',
  }),
  'environment.engine': ({ engine, problem }) => ({
    message: `The ${engine} engine could not be used: ${ofProblem(problem)}.`,
    hint: 'Check that it runs and that you may use its socket.',
  }),
  'untrusted.not-an-image': ({ path }) => ({
    message: `${path} is not a container image that Cinzel knows.`,
    hint: 'It reads docker save archives, OCI layouts (folder or tar), and root filesystems (dir:PATH).',
  }),
  'untrusted.empty': ({ path }) => ({ message: `${ofSubject(path)} is empty.` }),
  'untrusted.truncated': ({ what }) => ({
    message: `${ofSubject(what)} ends too early.`,
    hint: 'Copy or download it again.',
  }),
  'untrusted.store': ({ path, problem }) => ({
    message: `The advisory store ${path} cannot be read: ${ofProblem(problem)}.`,
    hint: 'Run "cinzel db update" to make it anew.',
  }),
  'untrusted.malformed': ({ what, problem }) => ({
    message: `${ofSubject(what)} is malformed: ${ofProblem(problem)}.`,
    hint: 'It is damaged, or was made to do harm: get it again from a source that you trust.',
  }),
  'untrusted.digest': ({ what, expected, actual }) => ({
    message: `${ofSubject(what)} does not have the digest that it should: expected ${expected}, got ${actual}.`,
    hint: 'It was damaged or changed; get it again from a source that you trust.',
  }),
  'untrusted.size': ({ what, expected, actual }) => ({
    message: `${ofSubject(what)} should have ${expected} bytes and has ${actual}.`,
    hint: 'It was damaged or changed; get it again from a source that you trust.',
  }),
  'untrusted.signature': ({ what, problem }) => ({
    message: `${ofSubject(what)} cannot be trusted: ${ofProblem(problem)}.`,
    hint: 'Use another mirror; whose signatures count, "keys" of the recipe says.',
  }),
  'untrusted.image-signature': ({ image, reason }) => signatureText(image, reason),
  'untrusted.expired': ({ what, date }) => ({
    message: `${ofSubject(what)} expired on ${date}.`,
    hint: 'Use a mirror that is up to date, or accept an old one with --allow-expired.',
  }),
  'untrusted.rolled-back': ({ what, date, newest }) => ({
    message: `${ofSubject(what)} is of ${date}, older than the one of ${newest} that the same archive has shown before.`,
    hint: 'Try again later or use another mirror: this one is behind, or hides newer fixes.',
  }),
  'untrusted.limit': ({ limit, value, what }) => ({
    message: `${ofSubject(what)} is over the limit "${limit}" of ${value}.`,
    ...(Object.hasOwn(defaultLimits, limit)
      ? { hint: `If you trust it, raise the limit with --limit ${limit}=N.` }
      : {}),
  }),
  'untrusted.unsupported': ({ what }) => ({
    message: `${ofSubject(what)} is not supported.`,
    hint: 'A newer version of Cinzel may know it.',
  }),
  'untrusted.partial': ({ count }) => ({
    message: `The answer is partial: ${count} part(s) of the input could not be read or decided.`,
    hint: 'The diagnostics in the report name them; leave out --strict to accept a partial answer.',
  }),
  'environment.no-suite': ({ suite }) => ({
    message: `The archive has no suite ${suite}.`,
    hint: 'Check the address of the mirror, which ends where "dists" is, and the name of the suite.',
  }),
  'environment.unknown-archive': ({ archive }) => ({
    message: `It is not known where the archive "${archive}" is.`,
    hint: 'Images do not tell; name the recipe too: cinzel build RECIPE --check IMAGE.',
  }),
  'environment.superseded': ({ package: name, snapshot }) => ({
    message: `The archive does not have ${name} any more.`,
    hint: `It is kept at ${snapshot}; or resolve anew with --update.`,
  }),
  'difference.lock': ({ path, changes }) => ({
    message:
      changes.length === 0
        ? `There is no lock at ${path}.`
        : `The lock ${path} is not this recipe's: ${changes.join('; ')}.`,
    hint: 'Leave out --frozen to write it, or resolve anew with --update.',
  }),
  'interrupted.signal': () => ({ message: 'Interrupted.' }),
};

function networkHint(problem: Problem, proxy: string | undefined): string {
  if (isCertificateProblem(problem)) {
    return 'Give the file of its authority with --ca FILE, or name the host with --insecure HOST to trust it unchecked.';
  }
  if (proxy === undefined) return 'Check the network and the proxy, or use --offline with data fetched before.';
  return 'HTTP_PROXY, HTTPS_PROXY or ALL_PROXY names the proxy; NO_PROXY names hosts that are asked without it.';
}

function statusHint(status: number, retryAfter: number | undefined): { readonly hint?: string } {
  if (retryAfter !== undefined && retryAfter > 0)
    return { hint: `It wants to be asked again in ${retryAfter} seconds.` };
  if (status === 429) return { hint: 'It was asked too often. Try again later; who logs in may often ask more.' };
  return status >= 500 ? { hint: 'The fault is on its side. Try again later.' } : {};
}

function documentProblem(problem: RecipeProblem, whole: string): string {
  switch (problem.kind) {
    case 'syntax':
      return `${ofProblem(problem.problem)}.`;
    case 'unknown-key':
      return `there is no key "${problem.key}"${problem.near === undefined ? '.' : `; did you mean "${problem.near}"?`}`;
    case 'value':
      return `${problem.key === '' ? whole : `"${problem.key}"`} is not what it must be: ${problem.expected}.`;
  }
}
