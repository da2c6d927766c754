import type { Fault } from '../../core/errors.ts';
import type { DiagnosticMessages } from '../catalogue.ts';
import { renderFault } from '../render.ts';
import { applicationText } from './application.ts';
import { errors } from './errors.ts';
import { ofProblem } from './problems.ts';

export const diagnostics: DiagnosticMessages = {
  'layer.foreign': ({ digest }) => `The bytes of the foreign layer ${digest} are not in the image; it was not read.`,
  'layer.entry-dropped': ({ entry, problem }) => `The entry "${entry}" was left out: ${ofProblem(problem)}.`,
  'layer.unlisted-drops': ({ listed }) => `More entries were left out; only the first ${listed} are listed.`,
  'layer.trailing-data': () => 'What stands after the end of the archive was ignored.',
  'layer.missing-end': () => 'The archive lacks its end marker; everything before was read.',
  'file.unreadable': ({ problem }) => `The file could not be read: ${ofProblem(problem)}.`,
  'file.too-large': ({ size, limit }) =>
    `The file has ${size} bytes, more than the limit of ${limit}, and was not read.`,
  'base.elsewhere': ({ base }) =>
    `The image names ${base} as its base, which a scan does not ask for by itself; use --base ${base}.`,
  'base.different': ({ base }) => `The image names ${base} as its base and does not begin with its layers.`,
  'base.unreadable': ({ base, fault }) =>
    `The base ${base}, which the image names, could not be opened: ${ofFault(fault)}`,
  'distribution.unknown': () => 'The image does not say which distribution it is; its packages may not be matched.',
  'package.malformed': ({ cataloger, problem }) =>
    `A record for ${cataloger} could not be understood: ${ofProblem(problem)}.`,
  'package.without-version': ({ cataloger, name }) => `${name} (${cataloger}) has no version and cannot be matched.`,
  'feed.unreachable': ({ feed, problem }) => `The feed ${feed} could not be asked: ${ofProblem(problem)}.`,
  'feed.malformed': ({ feed, record, problem }) => `Record ${record} of ${feed} was left out: ${ofProblem(problem)}.`,
  'feed.uncovered': ({ ecosystem }) => `No feed covers ${ecosystem}; its packages were not checked.`,
  'store.renewed': ({ path, problem }) => `The advisory store ${path} was made anew: ${ofProblem(problem)}.`,
  'feed.stale': ({ feed, updatedAt }) => `The data of ${feed} dates from ${updatedAt}.`,
  'archive.suite-missing': ({ suite }) => `The archive has no suite ${suite}; fixes in it may be missing.`,
  'archive.expired': ({ suite, date }) => `The index of ${suite} expired on ${date}; newer fixes may be missing.`,
  'changelog.missing': ({ source, version }) => `The changelog of ${source} ${version} could not be read.`,
  'changelog.cut': ({ source, version, oldest }) =>
    `The changelog of ${source} ${version} has no entries before ${oldest}; fixes in them may be missing.`,
  'changelog.mention': ({ id, source, version, line }) =>
    `${source} ${version} mentions ${id} without saying clearly that it fixes it: "${line}"`,
  'build.extension': ({ fault }) => applicationText(fault).message,
  'build.not-checked': () => 'What the application needs was not checked: the image below was not looked into.',
  'build.pins-unmet': ({ packages }) =>
    `The archive has the pinned versions of these packages no more, and others were taken: ${packages}. Old versions are at snapshot.debian.org (--mirror).`,
  'build.scripts-not-run': ({ packages }) =>
    `Scripts that install these packages were not run, and Cinzel does not know what they do: ${packages}.`,
  'version.invalid': ({ package: name, version, scheme }) => `${name} ${version} is no valid ${scheme} version.`,
  'reach.undecided': ({ problem, detail }) => undecided[problem](detail),
  'reach.missing': ({ what }) => `It needs ${what}, which is not in the image.`,
  'reach.impossible': ({ problem }) => `Reach could not be computed: ${ofProblem(problem)}.`,
  'ignore.unused': ({ rule }) => `The ignore rule ${rule} matched nothing.`,
  'ignore.expired': ({ rule, date }) => `The ignore rule ${rule} expired on ${date} and no longer applies.`,
  'ignore.without-reason': ({ rule }) => `The ignore rule ${rule} gives no reason and was not applied.`,
  'ignore.unsupported': ({ rule, condition }) =>
    `The ignore rule ${rule} was left out: its condition "${condition}" is not supported.`,
};

const undecided = {
  module: (detail: string) => `It loads a module whose name is computed: ${detail}`,
  command: (detail: string) => `It runs a command whose name is computed: ${detail}`,
  language: (detail: string) => `What ${detail} runs is not followed; anything in the image may be needed.`,
  unreadable: (detail: string) => `It could not be understood: ${detail}`,
};

function ofFault(fault: Fault): string {
  return renderFault(fault, errors).message;
}
