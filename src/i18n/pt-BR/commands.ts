import type { BuildDifference, FileAspect } from '../../distroless/compare-build.ts';
import type { Catalogue } from '../catalogue.ts';
import { short } from '../short.ts';

const aspects: Readonly<Record<FileAspect, string>> = {
  type: 'tipo',
  mode: 'modo',
  owner: 'dono',
  time: 'data',
  link: 'ligação',
  content: 'conteúdo',
};

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
  groups: {
    contract: 'Comportamento: o que uma imagem responde, registrado e comparado',
    db: 'A base local de avisos',
    cache: 'O cache de camadas e downloads',
  },
  summaries: {
    scan: 'Diz o que há em imagens e quais vulnerabilidades conhecidas elas têm',
    why: 'Diz por que o entrypoint precisa de um caminho, pacote ou pacote vulnerável',
    sbom: 'Escreve o inventário de uma imagem como SBOM (lista de materiais de software)',
    report: 'Gera de novo, em qualquer formato, uma análise salva em JSON',
    build: 'Faz uma imagem de uma receita: pacotes assinados e arquivos, e nada mais',
    slim: 'Corta uma imagem ao que sua aplicação alcança, apenas lendo',
    'contract record': 'Executar uma imagem e guardar o que ela responde às sondas',
    'contract check': 'Executar uma imagem e comparar suas respostas com as guardadas',
    lock: 'Resolve os pacotes de uma receita, anota-os e diz o que mudou',
    verify: 'Prova quem assinou uma imagem e diz o que atesta sobre ela',
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
    'allow-expired': 'Aceita índices do arquivo que expiraram',
    'allow-eol': 'Aceita uma versão sem suporte',
    update: 'Resolve de novo e escreve o lock',
    check: 'Constrói uma imagem de novo a partir do seu lock e diz o que difere',
    annotate: 'Anotação do manifesto, e do índice',
    node: 'Projeto para Node.js a pôr na imagem, com seus node_modules de produção',
    python: 'Projeto em Python, com seu ambiente virtual',
    java: 'Arquivo de uma aplicação Java',
    ruby: 'Projeto em Ruby, com seu vendor/bundle',
    php: 'Projeto em PHP, com sua pasta vendor',
    binary: 'Programa compilado; suas bibliotecas e os símbolos delas são verificados antes',
    'build compression': 'Como as camadas são guardadas (padrão: gzip)',
    sign: 'Arquivo da chave privada que assina a imagem e seus documentos, como faz o cosign',
    'public key': 'Arquivo da chave pública que deve ter assinado a imagem',
    attestation: 'Exige um atestado: slsaprovenance, spdx, cyclonedx, openvex ou um tipo como URI (repetível)',
    'plain report': 'Relatório, e o arquivo se não for stdout: table, json=resultado.json … (repetível)',
    'plain output': 'Formato, e arquivo se não for stdout: table, json=resultado.json … (repetível)',
    'no documents': 'Não anexa SBOM nem proveniência',
    compression: 'Comprime camadas sem compressão (padrão: cada camada como está guardada)',
    plan: 'Só mostra o que ficaria e o que sairia',
    'slim tag': 'Nome e tag da imagem, ou só a tag (padrão: a tag da origem com -slim)',
    'slim recipe': 'Gravar a receita que faz de pacotes a imagem reduzida, e os arquivos dela ao lado',
    'slim report': 'Plano e resultado: table, json=plano.json …',
    app: 'Caminho que também é da aplicação e fica inteiro',
    'keep entrypoint': 'Mantém o entrypoint mesmo que só inicie outro comando',
    'app strict': 'Também da aplicação, mantém só o que é alcançado',
    user: 'Usuário com que a imagem reduzida roda: nonroot (65532), auto (nonroot se nada precisa de root), nome ou número',
    'slim contract': 'Executar origem e imagem reduzida e compará-las: um contrato, ou default para um derivado',
    'write anyway': 'Escrever a imagem embora se comporte de outro modo (saída 1 mesmo assim)',
    trace: 'Executar a origem e manter também o que ela usa',
    'trace files': 'Manter também o que um rastro anterior viu',
    profile: 'Escrever o que confina a imagem reduzida: seccomp=ARQUIVO, apparmor=…, kubernetes=…, written-paths=…',
    runtime: 'O que executa a imagem (padrão: bubblewrap)',
    network: 'Rede do que é executado (padrão: own, própria)',
    contract: 'Contrato a aplicar; default: um derivado da imagem (padrão: cinzel.contract.yaml se existir)',
    'check contract': 'Contrato com que as respostas devem ter sido gravadas',
    answers: 'Arquivo das respostas (padrão: cinzel.contract.answers.json)',
    'trace file': 'Observar quais arquivos são usados enquanto as sondas são aplicadas, e escrever isso aqui',
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
  verify: {
    header: ['provado', 'tipo', 'de'],
    signature: 'assinatura',
    attestation: 'atestado',
    others: (count: number) => `${count} atestados não são desta chave e nada provam.`,
  },
  why: {
    yes: (subject: string) => `${subject} é alcançado:`,
    no: (subject: string) => `${subject} não é alcançado.`,
    unknown: (subject: string) => `Não se sabe se ${subject} é alcançado.`,
    neededBy: (count: number) => `É necessário para ${count} arquivos:`,
    ties: 'Sem qualquer um destes, não seria alcançado:',
    unreached: (count: number, total: number) => `Nada alcança os pacotes de ${count} de ${total} ocorrências.`,
    kinds: {
      entrypoint: 'entrypoint',
      healthcheck: 'healthcheck',
      keep: 'mantido a pedido',
      application: 'aplicação',
      argument: 'argumento',
      command: 'comando',
      config: 'configuração',
      data: 'dados por regra',
      dlopen: 'aberta em execução',
      folder: 'pasta',
      import: 'importação',
      interpreter: 'interpretador do programa',
      module: 'módulo',
      needed: 'biblioteca necessária',
      package: 'pacote inteiro',
      path: 'caminho citado',
      plugins: 'pasta de plugins',
      preload: 'pré-carregada',
      shebang: 'interpretador do script',
      source: 'script incluído',
      symlink: 'link no caminho',
      trace: 'visto em execução',
    },
  },
  contract: {
    recorded: (name, probes, file) =>
      `${probes} ${probes === 1 ? 'resposta' : 'respostas'} de ${name} ${probes === 1 ? 'gravada' : 'gravadas'} em ${file}.`,
    dropped: (probe, problem) => `Deixada de fora, pois a própria imagem não responde: ${probe} (${problem})`,
    equal: (name, original, probes) =>
      `${name} se comporta como ${original} em ${probes} ${probes === 1 ? 'sonda' : 'sondas'}.`,
    differs: (name, original, differing, probes) =>
      `${name} difere de ${original} em ${differing} de ${probes} ${probes === 1 ? 'sonda' : 'sondas'}:`,
    failure: (problem) => `sem resposta: ${problem}`,
    nothing: '(nada)',
    strength: (level, { probes, fields, contents, varying }) =>
      `Contrato: ${{ weak: 'fraco', fair: 'razoável', strong: 'forte' }[level]}. ${probes} sondas, ${contents} com conteúdo; ${fields} textos comparados, dos quais ${varying} variam.`,
  },
  slim: {
    distroless: (name) => `${name} já é distroless: não tem shell nem gerenciador de pacotes. Não há nada a fazer.`,
    recipe: ({ file, folder, packages, files }) =>
      `Receita: ${file}, com ${packages} pacotes${folder === undefined ? '' : `; ${files} arquivos que nenhum pacote traz estão em ${folder}`}.`,
    recipeNote: (image, file) => [
      `Faz de pacotes o que cinzel slim deixou de ${image}.`,
      `Construir: cinzel build ${file}`,
      `Atualizar: apague "pins" e rode cinzel lock --update ${file}`,
    ],
    done: (name, before, after) =>
      `${name} reduzida: ${before.size} → ${after.size}, ${before.files} → ${after.files} arquivos, ${before.packages} → ${after.packages} pacotes.`,
    behaviour: 'Comportamento: não verificado.',
    behaves: {
      'not checked': 'Comportamento: não verificado.',
      equal: 'Comportamento: igual ao da origem em todas as sondas.',
      different: 'Comportamento: DIFERENTE do da origem.',
    },
    repaired: (count) =>
      `${count} ${count === 1 ? 'caminho foi acrescentado' : 'caminhos foram acrescentados'} porque sem ${count === 1 ? 'ele' : 'eles'} a imagem se comportou de outro modo.`,
    undecided: (count) =>
      `${count} ${count === 1 ? 'ponto não pôde ser decidido' : 'pontos não puderam ser decididos'} pela leitura; o relatório JSON diz quais, --keep acrescenta caminhos.`,
    notKept: (programs) => `Citados pelo que fica, e não mantidos: ${programs}`,
    header: ['mantido', 'de', 'arquivos', 'CVEs', 'o quê', 'por quê'],
    application: 'aplicação',
    others: (folder) => `arquivos em ${folder}`,
    dropped: (count, size) => `Saem: ${count} ${count === 1 ? 'pacote inteiro' : 'pacotes inteiros'}, ${size} ao todo.`,
    shared: (size, names) => `Camadas em comum com outras imagens reduzidas dos mesmos pacotes: ${size} (${names}).`,
    vulnerabilities: (before, after, codeGone) =>
      `Vulnerabilidades: ${before} → ${after}${codeGone === 0 ? '' : `; de ${codeGone} que ainda constam o código saiu (anexado como OpenVEX)`}.`,
    noStore: 'Vulnerabilidades: não se sabe, ainda não há base; "cinzel scan" ou "cinzel db update" cria uma.',
    uncovered: (ecosystems) => `Não foi possível consultar as vulnerabilidades de: ${ecosystems}.`,
    root: (needs) =>
      needs === ''
        ? 'Usuário: root. Nada do que foi lido precisa disso: --user nonroot.'
        : `Usuário: root. Contra --user nonroot: ${needs}.`,
    user: (name, needs) => `Usuário: ${name}${needs === '' ? '' : `. Pode lhe faltar: ${needs}`}.`,
    rootNeed: {
      port: (port) => `porta ${port}`,
      program: (path) => `${path} começa como root`,
      setuid: (path) => `${path} assume outros direitos`,
      unreadable: (path) => `só root lê ${path}`,
      writes: (path) => `só root escreve em ${path}`,
    },
    start: (from, to) => `Inicia ${to} diretamente: ${from} não faz mais nada (--keep-entrypoint mantém).`,
    healthcheck: (program) => `Healthcheck: agora feito por ${program}, sem shell. Não foi executado.`,
    more: (count) => `… e mais ${count}`,
    reasons: {
      device: 'arquivo de dispositivo',
      distribution: 'diz a distribuição',
      licence: 'licença',
      metadata: 'metadados do pacote',
      parent: 'contém o que fica',
      record: 'registro do pacote',
      writable: 'pasta onde se escreve',
      cache: 'cache ou log',
      documentation: 'documentação',
      'package-manager': 'do gerenciador de pacotes',
      unreached: 'nada precisa dele',
    },
  },
  gate: {
    failed: (count, condition) =>
      `${count} ${count === 1 ? 'vulnerabilidade se encaixa' : 'vulnerabilidades se encaixam'} em --fail-on ${condition}.`,
    unknown: (count) =>
      `${count} ${count === 1 ? 'vulnerabilidade não tem' : 'vulnerabilidades não têm'} severidade conhecida e não ${count === 1 ? 'contou' : 'contaram'} para --fail-on; acrescente "unknown" para contar.`,
  },
  lock: {
    header: ['arquitetura', 'pacote', 'antes', 'agora'],
    unchanged: 'O lock está como estava.',
    fixes: (source, ids) => `${source} corrige ${ids}`,
  },
  check: {
    same: (image: string, packages: number) => `${image} é o que seu lock dá, byte a byte (${packages} pacotes).`,
    differs: (image: string, count: number) =>
      `${image} não é o que seu lock dá: ${count} ${count === 1 ? 'diferença' : 'diferenças'}.`,
    difference: (one: BuildDifference): string => {
      switch (one.kind) {
        case 'recipe':
          return `receita: ${one.text}`;
        case 'config':
          return `${one.key}: ${short(one.image) ?? 'ausente'} na imagem, ${short(one.built) ?? 'ausente'} ao construir`;
        case 'layers':
          return 'camadas: os mesmos arquivos em outras camadas';
        case 'annotations':
          return 'anotações do manifesto';
        case 'stored':
          return 'camadas: o mesmo conteúdo, guardado de outra forma';
        case 'file':
          if (one.change === 'differs')
            return `~ ${one.path}: ${one.aspects.map((aspect) => aspects[aspect]).join(', ')}`;
          return one.change === 'only-image' ? `+ ${one.path}: só na imagem` : `- ${one.path}: não está na imagem`;
      }
    },
  },
  built: (digest, { packages, layers, size }) => `Feita ${digest}: ${packages} pacotes, ${layers} camadas, ${size}.`,
  written: (path) => `Gravado: ${path}`,
  mirror: (url) => `Arquivo do Debian: ${url}`,
  database: {
    empty: 'A base está vazia.',
    header: ['fonte', 'parte', 'registros', 'atualizada em'],
    updated: (parts) => `${parts} ${parts === 1 ? 'parte está atualizada' : 'partes estão atualizadas'}.`,
    notPublished: (feed, part) => `${feed} não publica ${part}.`,
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
