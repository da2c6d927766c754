import type { report as english } from '../en/report.ts';

export const report: typeof english = {
  severity: {
    critical: 'crítica',
    high: 'alta',
    medium: 'média',
    low: 'baixa',
    negligible: 'desprezível',
    unknown: 'desconhecida',
  },
  severityPlural: {
    critical: 'críticas',
    high: 'altas',
    medium: 'médias',
    low: 'baixas',
    negligible: 'desprezíveis',
    unknown: 'desconhecidas',
  },

  facts: {
    system: 'Sistema',
    base: 'Imagem base',
    size: 'Tamanho',
    packages: 'Pacotes',
    user: 'Usuário',
    shell: 'Shell',
    packageManager: 'Gerenciador de pacotes',
    downloaders: 'Ferramentas de download',
    setuid: 'Arquivos setuid',
    advisories: 'Avisos de segurança',
  },
  unknownSystem: 'desconhecido',
  rootUser: 'root',
  rootByDefault: 'root (nenhum usuário definido)',
  none: 'nenhum',
  baseIn: (name, own, layers) => `${name} (${own} de ${layers})`,
  ofBase: 'da imagem base',
  sizeIn: (size, layers) => `${size} em ${layers}`,
  noAdvisories: 'nenhum usado',
  records: (count, shown) => `${shown} ${count === 1 ? 'registro' : 'registros'}`,
  undated: 'sem data',
  age: {
    now: 'há menos de uma hora',
    hours: (count) => `há ${count} ${count === 1 ? 'hora' : 'horas'}`,
    days: (count) => `há ${count} ${count === 1 ? 'dia' : 'dias'}`,
  },

  count: {
    vulnerabilities: (count, shown) => `${shown} ${isOne(count) ? 'vulnerabilidade' : 'vulnerabilidades'}`,
    packages: (count, shown) => `${shown} ${isOne(count) ? 'pacote' : 'pacotes'}`,
    layers: (count, shown) => `${shown} ${isOne(count) ? 'camada' : 'camadas'}`,
    diagnostics: (count, shown) => `${shown} ${isOne(count) ? 'diagnóstico' : 'diagnósticos'}`,
  },
  fixable: (shown) => `${shown} com correção`,
  unreached: (shown) => `${shown} que nada alcança`,
  suppressed: (shown) => `${shown} suprimidas`,
  clean: 'Nenhuma vulnerabilidade conhecida',
  cleanSoFar: 'Nenhuma vulnerabilidade no que pôde ser verificado; nem tudo pôde (veja o final)',
  notLookedUp: 'Nenhum aviso de segurança foi consultado, portanto nada se sabe sobre vulnerabilidades',

  layer: (index) => `camada ${index}`,
  unknownInstruction: '(a imagem não diz o que criou esta camada)',
  installs: 'pacotes',
  noFix: 'sem correção',
  wontFix: 'não será corrigida',
  unknownFix: 'correção desconhecida',
  fixesPart: (fixable, all) => `corrige ${fixable} de ${all}`,
  reached: 'alcançado',
  notReached: 'não alcançado',
  denied: 'negada pela política',

  actions: {
    heading: 'O que mais elimina vulnerabilidades',
    upgrade: (name, installed, version, removed) => `Atualize ${name} ${installed} para ${version}: elimina ${removed}`,
    rebase: (base, removed, upgrades) =>
      `Use uma imagem base mais nova que ${base}: elimina até ${removed} em ${upgrades}`,
    rebuild: (layer, removed, upgrades) =>
      `Reconstrua a camada ${layer} com pacotes atuais: elimina ${removed} em ${upgrades}`,
  },

  coverage: {
    heading: 'Não verificado',
    uncovered: (ecosystem, packages, reason) => `${ecosystem} (${packages}): ${reason}`,
    diagnostics: (diagnostics) => `${diagnostics}: partes que não puderam ser lidas ou decididas; -o json as lista`,
    furtherDiagnostics: (diagnostics) => `e mais ${diagnostics}: -o json lista todos`,
    noFeeds: 'Nenhuma fonte de avisos foi usada.',
    reasons: {
      'no-feed': () => 'nenhuma fonte tem registros desse tipo',
      'not-published': (feed) => `${feed} não o publica`,
      unreachable: (feed) => `não foi possível acessar ${feed}`,
      stale: (feed) => `não foi possível acessar ${feed}; foram usados dados mais antigos`,
      offline: () => 'a base local não tem dados sobre ele',
      'not-checked': () => 'a base local não tem resposta sobre esses pacotes',
    },
  },

  columns: {
    name: 'Pacote',
    version: 'Versão',
    type: 'Tipo',
    layer: 'Camada',
    fixed: 'Corrigido em',
    ids: 'Identificadores',
  },

  markdown: {
    heading: (image) => `Relatório da imagem: ${image}`,
    details: 'Todos os pacotes com vulnerabilidades',
    dockerfileLine: 'Linha do Dockerfile',
    moreIds: (shown) => `e mais ${shown}`,
    truncated: (packages) => `Mais ${packages} não couberam neste comentário; o relatório completo traz a lista.`,
    footer: (version, time) => `Cinzel ${version}, ${time}`,
  },

  finding: {
    title: (id, name) => `${id} em ${name}`,
    message: (id, name, version) => `${name} ${version} tem ${id}`,
    fixedIn: (version) => `Corrigido em ${version}`,
    solution: (name, version) => `Atualize ${name} para ${version}.`,
    broughtBy: (layer, instruction) => `Trazido pela camada ${layer}: ${instruction}`,
    suppressedBy: (by, reason) => `Suprimida (${by}): ${reason}`,
  },

  junit: {
    clean: (packages) => `nenhuma vulnerabilidade conhecida em ${packages}`,
    uncovered: (ecosystem) => `${ecosystem} não verificado`,
  },
};

/** In Portuguese zero takes the singular, as one does. */
function isOne(count: number): boolean {
  return count < 2;
}
