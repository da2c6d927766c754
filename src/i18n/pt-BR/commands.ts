import type { Catalogue } from '../catalogue.ts';

export const commands: Catalogue['commands'] = {
  description:
    'A arte de minimizar imagens de contêiner: ver o que há dentro, cortar o que sobra, provar que funciona.',
  version: 'Mostra a versão',
  help: 'Mostra a ajuda',
  bug: 'cinzel: isto é um defeito do Cinzel. Por favor, relate-o com as linhas abaixo.',
  headings: { usage: 'Uso:', arguments: 'Argumentos:', options: 'Opções:', commands: 'Comandos:' },
  usage: { options: 'opções', command: 'comando' },
  faults: {
    'commander.unknownOption': (name) => `Aqui não existe a opção ${name}.`,
    'commander.optionMissingArgument': (name) => `A opção "${name}" precisa de um valor.`,
    'commander.missingArgument': (name) => `Falta <${name}>.`,
    'commander.excessArguments': (name) => `Há argumentos demais para "${name}".`,
    'commander.unknownCommand': (name) => `Não existe o comando "${name}".`,
  },
  suggestion: (name) => ` Você quis dizer "${name}"?`,
  groups: { db: 'A base local de avisos', cache: 'O cache de camadas e downloads' },
  summaries: {
    scan: 'Diz o que há em imagens e quais vulnerabilidades conhecidas elas têm',
    sbom: 'Escreve o inventário de uma imagem como SBOM (lista de materiais de software)',
    report: 'Gera de novo, em qualquer formato, uma análise salva em JSON',
    build: 'Faz uma imagem de uma receita: pacotes assinados e arquivos, e nada mais',
    copy: 'Copia uma imagem entre registries, engines, arquivos e layouts',
    'db update': 'Baixa avisos de segurança para a base local',
    'db status': 'Diz o que a base local tem e de quando é',
    'cache df': 'Diz o que há no cache',
    'cache prune': 'Remove o que há no cache',
    config: 'Mostra cada configuração e de onde veio o valor',
    completion: 'Mostra um script de autocompletar para bash, zsh ou fish',
  },
  options: {
    output: 'Formato, e arquivo se não for stdout: table, json=analise.json … (pode repetir)',
    report: 'O mesmo que --output',
    only: 'O que baixar: osv:PyPI, osv:Go … (separados por vírgula)',
    all: 'Tudo, não só o que passa do limite de tamanho',
    'older-than': 'Só o que não foi usado há tantos dias',
    'all-platforms': 'Copia todas as plataformas da imagem',
    referrers: 'Copia também o que se refere à imagem: assinaturas, SBOMs …',
    'build output':
      'Para onde vai a imagem: oci:PASTA, oci-archive:ARQUIVO, docker-archive:ARQUIVO, registry:REF, docker:',
    tag: 'Nome e tag da imagem, ou só a tag (padrão: latest)',
    arch: 'Arquiteturas, como em amd64,arm64; várias formam um índice',
    lock: 'Lock a usar se servir, senão a escrever (padrão: ao lado do arquivo da receita)',
    frozen: 'O lock precisa existir e servir; nada é resolvido',
    update: 'Resolve de novo e escreve o lock',
    'build compression': 'Como as camadas são guardadas (padrão: gzip)',
    compression: 'Comprime camadas sem compressão (padrão: cada camada como está guardada)',
    feed: 'Endereço de uma fonte, como em osv=https://…',
  },
  progress: {
    layer: (name) => `camada ${name}`,
    feed: (name) => `avisos ${name}`,
    download: (name) => `baixando ${name}`,
    changelog: (name) => `changelog ${name}`,
    match: (name) => `comparando ${name}`,
    copy: (name) => `copiando ${name}`,
  },
  gate: {
    failed: (count, condition) =>
      `${count} ${count === 1 ? 'vulnerabilidade se encaixa' : 'vulnerabilidades se encaixam'} em --fail-on ${condition}.`,
    unknown: (count) =>
      `${count} ${count === 1 ? 'vulnerabilidade não tem' : 'vulnerabilidades não têm'} severidade conhecida e não ${count === 1 ? 'contou' : 'contaram'} para --fail-on; acrescente "unknown" para contar.`,
  },
  built: (digest, { packages, layers, size }) => `Feita ${digest}: ${packages} pacotes, ${layers} camadas, ${size}.`,
  written: (path) => `Gravado: ${path}`,
  mirror: (url) => `Arquivo do Debian: ${url}`,
  database: {
    empty: 'A base está vazia.',
    header: ['fonte', 'parte', 'registros', 'atualizada em'],
    updated: (parts) => `${parts} ${parts === 1 ? 'parte está atualizada' : 'partes estão atualizadas'}.`,
    nothing: 'Diga o que baixar com --only, por exemplo: cinzel db update --only osv:PyPI,osv:Go',
  },
  cache: {
    header: ['o quê', 'entradas', 'tamanho'],
    removed: (entries, size) =>
      `${entries} ${entries === 1 ? 'entrada removida' : 'entradas removidas'}, ${size} liberados.`,
  },
  configuration: {
    header: ['configuração', 'valor', 'origem'],
    unset: '–',
    flag: (name) => `opção --${name}`,
    environment: (name) => `ambiente ${name}`,
    file: (path, line) => `${path}:${line}`,
    default: 'padrão',
  },
};
