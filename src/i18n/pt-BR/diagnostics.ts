import type { Fault } from '../../core/errors.ts';
import type { DiagnosticMessages } from '../catalogue.ts';
import { renderFault } from '../render.ts';
import { applicationText } from './application.ts';
import { errors } from './errors.ts';
import { ofProblem } from './problems.ts';

export const diagnostics: DiagnosticMessages = {
  'layer.foreign': ({ digest }) => `Os bytes da camada externa ${digest} não estão na imagem; ela não foi lida.`,
  'layer.entry-dropped': ({ entry, problem }) => `A entrada "${entry}" foi deixada de fora: ${ofProblem(problem)}.`,
  'layer.unlisted-drops': ({ listed }) => `Mais entradas foram omitidas; só as primeiras ${listed} estão listadas.`,
  'layer.trailing-data': () => 'O que vem depois do fim do arquivo foi ignorado.',
  'layer.missing-end': () => 'Falta a marca de fim do arquivo; tudo o que vem antes foi lido.',
  'file.unreadable': ({ problem }) => `O arquivo não pôde ser lido: ${ofProblem(problem)}.`,
  'file.too-large': ({ size, limit }) => `O arquivo tem ${size} bytes, mais que o limite de ${limit}, e não foi lido.`,
  'base.elsewhere': ({ base }) =>
    `A imagem indica ${base} como sua base, que a análise não consulta por conta própria; use --base ${base}.`,
  'base.different': ({ base }) => `A imagem indica ${base} como sua base e não começa com as camadas dela.`,
  'base.unreadable': ({ base, fault }) => `A base ${base}, que a imagem indica, não pôde ser aberta: ${ofFault(fault)}`,
  'distribution.unknown': () =>
    'A imagem não diz qual é a sua distribuição; talvez os pacotes dela não possam ser comparados com os avisos.',
  'package.malformed': ({ cataloger, problem }) =>
    `Um registro de ${cataloger} não pôde ser entendido: ${ofProblem(problem)}.`,
  'package.without-version': ({ cataloger, name }) =>
    `${name} (${cataloger}) não tem versão e não pode ser comparado com os avisos.`,
  'feed.unreachable': ({ feed, problem }) => `A fonte ${feed} não pôde ser consultada: ${ofProblem(problem)}.`,
  'feed.malformed': ({ feed, record, problem }) =>
    `O registro ${record} de ${feed} foi deixado de fora: ${ofProblem(problem)}.`,
  'feed.uncovered': ({ ecosystem }) => `Nenhuma fonte cobre ${ecosystem}; os pacotes não foram verificados.`,
  'store.renewed': ({ path, problem }) => `A base de avisos ${path} foi refeita: ${ofProblem(problem)}.`,
  'feed.stale': ({ feed, updatedAt }) => `Os dados de ${feed} são de ${updatedAt}.`,
  'archive.suite-missing': ({ suite }) => `O arquivo não tem a suíte ${suite}; correções dela podem estar faltando.`,
  'archive.expired': ({ suite, date }) =>
    `O índice de ${suite} expirou em ${date}; correções mais novas podem estar faltando.`,
  'changelog.missing': ({ source, version }) => `O changelog de ${source} ${version} não pôde ser lido.`,
  'changelog.cut': ({ source, version, oldest }) =>
    `O changelog de ${source} ${version} não tem entradas anteriores a ${oldest}; correções nelas podem estar faltando.`,
  'changelog.mention': ({ id, source, version, line }) =>
    `${source} ${version} menciona ${id} sem dizer claramente que corrige: "${line}"`,
  'build.extension': ({ fault }) => applicationText(fault).message,
  'build.not-checked': () => 'Não foi verificado o que a aplicação precisa: a imagem de base não foi examinada.',
  'build.pins-unmet': ({ packages }) =>
    `O arquivo não tem mais as versões fixadas destes pacotes, e outras foram usadas: ${packages}. Versões antigas estão em snapshot.debian.org (--mirror).`,
  'build.scripts-not-run': ({ packages }) =>
    `Os scripts que instalam estes pacotes não foram executados, e o Cinzel não sabe o que fazem: ${packages}.`,
  'version.invalid': ({ package: name, version, scheme }) => `${name} ${version} não é uma versão ${scheme} válida.`,
  'reach.undecided': ({ problem, detail }) => undecided[problem](detail),
  'reach.missing': ({ what }) => `Precisa de ${what}, que não está na imagem.`,
  'reach.impossible': ({ problem }) => `Não foi possível calcular o alcance: ${ofProblem(problem)}.`,
  'ignore.unused': ({ rule }) => `A regra de exceção ${rule} não se aplicou a nada.`,
  'ignore.expired': ({ rule, date }) => `A regra de exceção ${rule} expirou em ${date} e não vale mais.`,
  'ignore.without-reason': ({ rule }) => `A regra de exceção ${rule} não dá um motivo e não foi aplicada.`,
  'ignore.unsupported': ({ rule, condition }) =>
    `A regra de exceção ${rule} foi deixada de fora: a condição "${condition}" não é suportada.`,
};

const undecided = {
  module: (detail: string) => `Carrega um módulo cujo nome é calculado: ${detail}`,
  command: (detail: string) => `Executa um comando cujo nome é calculado: ${detail}`,
  language: (detail: string) =>
    `O que ${detail} executa não é seguido; qualquer arquivo da imagem pode ser necessário.`,
  unreadable: (detail: string) => `Não foi possível entender: ${detail}`,
};

function ofFault(fault: Fault): string {
  return renderFault(fault, errors).message;
}
