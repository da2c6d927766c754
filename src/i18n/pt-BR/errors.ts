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
  request: 'o pedido',
  needs: (who, what) => `${who} precisa de ${what}`,
  whichNeeds: (what) => `, que precisa de ${what}`,
  nothing: ', que nada fornece',
  only: (versions) => `, de que só há ${versions}`,
  conflicts: (who, what) => `${who} conflita com ${what}`,
  neededBy: (who) => `, de que ${who} precisa`,
  provided: (other) => `, que ${other} é ou fornece`,
  versions: (name, [one, other]) => `${name} não pode ser ${one} e ${other} ao mesmo tempo`,
  more: (count) => `e mais ${count}`,
};

export const errors: ErrorMessages = {
  'usage.invalid': ({ sentence }) => ({ message: sentence, hint: 'Rode "cinzel --help" para ver o que é possível.' }),
  'usage.outputs': () => ({
    message: 'Só uma saída pode ir para stdout.',
    hint: 'Dê um arquivo às outras: -o json=analise.json.',
  }),
  'usage.one-result': ({ format }) => ({
    message: `O formato ${format} comporta um único resultado.`,
    hint: `Dê um arquivo, de que cada resultado recebe o seu: -o ${format}=scan.${format}.`,
  }),
  'usage.no-destination': () => ({
    message: 'Falta o destino da imagem.',
    hint: 'Diga para onde ela vai, por exemplo: -o oci:imagem.',
  }),
  'usage.no-slim-destination': () => ({
    message: 'O destino da imagem não foi informado.',
    hint: 'Diga para onde ela vai, por exemplo -o oci:imagem, ou peça uma receita dela (--recipe app.yaml) ou só o plano (--plan).',
  }),
  'usage.untraced': ({ runtime }) => ({
    message: `${runtime} não diz o que uma execução usa.`,
    hint: 'Use --runtime bubblewrap.',
  }),
  'usage.host-program': ({ engine, program }) => ({
    message: `${engine} não pode executar ${program} desta máquina.`,
    hint: 'Dê uma imagem ao serviço, ou use --runtime bubblewrap.',
  }),
  'usage.written-paths': () => ({
    message: 'Só uma execução diz em quais caminhos se escreve.',
    hint: 'Acrescente --trace.',
  }),
  'usage.profile-file': ({ kind }) => ({
    message: `O perfil ${kind} precisa de um arquivo.`,
    hint: `Diga para onde ele vai: --profile ${kind}=FILE.`,
  }),
  'usage.same-repositories': ({ ending }) => ({
    message: `Dois repositórios terminam em "${ending}".`,
    hint: 'O lock chama os repositórios pelas duas últimas pastas do endereço: elas devem ser diferentes.',
  }),
  'usage.together': ({ one, other }) => ({
    message: `${one} e ${other} juntos não deixam nada.`,
    hint: 'Use só um deles.',
  }),
  'usage.one-image': ({ leave }) => ({
    message: 'Este destino guarda uma só imagem.',
    hint: `Para várias, use oci:, oci-archive: ou um registro; ou não use ${leave}.`,
  }),
  'usage.compression': () => ({
    message: '--compression cria uma imagem nova.',
    hint: 'Vale para um registro ou um layout OCI, sem --all-platforms e --referrers.',
  }),
  'usage.no-recipe': ({ name, near, ready }) => ({
    message: `Não existe a receita "${name}".${near === undefined ? '' : ` Você quis dizer "${near}"?`}`,
    hint: `Uma receita é um arquivo ou uma das prontas: ${ready}.`,
  }),
  'usage.recipe-circle': ({ files }) => ({ message: `As receitas formam um círculo: ${files.join(' → ')}.` }),
  'usage.recipe-distributions': ({ named }) => ({
    message: `Uma receita tem uma só distribuição, e esta tem ${named.join(' e ')}.`,
    hint: 'Veja as receitas de que ela é feita.',
  }),
  'usage.recipe-account': ({ kind, name }) => ({
    message: `A receita não tem o ${kind === 'user' ? 'usuário' : 'grupo'} "${name}".`,
    hint: `Acrescente-o em "${kind}s" ou use um número.`,
  }),
  'usage.slim-recipe': ({ problem, name }) => {
    const sentences = {
      distribution: {
        message: `Nenhuma receita faz esta imagem: ela é ${name}, e receitas de imagens reduzidas são de Debian 12 e 13.`,
        hint: 'A própria imagem reduzida pode ser gravada: -o oci:imagem.',
      },
      architecture: {
        message: `Nenhuma receita faz esta imagem: ${name} é de outra arquitetura que as receitas não indicam com o resto.`,
        hint: 'A própria imagem reduzida pode ser gravada: -o oci:imagem.',
      },
      name: {
        message: `Nenhuma receita copia ${name}: o nome não é UTF-8.`,
        hint: 'A própria imagem reduzida pode ser gravada: -o oci:imagem.',
      },
      there: {
        message: `${name} já existe, e nele ficaria o que a receita copia.`,
        hint: 'Remova-o ou dê outro nome à receita.',
      },
      nothing: {
        message: `${name} já é distroless: não há o que reduzir nem receita a fazer dela.`,
        hint: 'Uma imagem construída pelo Cinzel guarda a sua receita: cinzel build --check.',
      },
    };
    return sentences[problem];
  },
  'usage.capabilities': ({ path }) => ({
    message: `"capabilities" indica ${path}, e ali a receita não tem arquivo.`,
    hint: 'Indique um arquivo dos pacotes dela, de "files" ou da aplicação; uma imagem de base fica como está.',
  }),
  'usage.outside-recipe': ({ path }) => ({
    message: `"${path}" está fora da pasta da receita.`,
    hint: 'Antes, copie para essa pasta o que for preciso.',
  }),
  'usage.not-copied': ({ path }) => ({ message: `${path} não é arquivo, pasta nem link.` }),
  'usage.no-repositories': ({ distribution }) => ({
    message: `A receita não indica nenhum repositório de ${distribution}.`,
    hint: 'Liste os endereços em "repositories" e os arquivos das chaves que os assinam em "keys".',
  }),
  'usage.base-image': ({ image, problem }) => ({
    message: `A imagem não pode ser feita sobre ${image}: ${ofProblem(problem)}.`,
  }),
  'usage.certificates': () => ({
    message: 'Outros certificados exigem o pacote ca-certificates.',
    hint: 'A receita "static" e todas as feitas a partir dela o têm.',
  }),
  'usage.reference': ({ reference, problem }) => ({
    message: `"${reference}" não é uma referência que se possa abrir: ${ofProblem(problem)}.`,
    hint: 'Exemplos: nginx:1.27, docker-archive:imagem.tar, oci:pasta:tag, oci-archive:imagem.tar, dir:/rootfs.',
  }),
  'usage.platform': ({ wanted, available }) => ({
    message: `A imagem não tem a plataforma ${wanted}; ela tem ${available}.`,
    hint: 'Escolha uma delas com --platform (build --check: --arch).',
  }),
  'usage.choice': ({ reference, available }) => ({
    message: `"${reference}" contém várias imagens: ${available}.`,
    hint: 'Acrescente o nome de uma delas depois de dois-pontos, como em docker-archive:imagem.tar:nome:tag.',
  }),
  'usage.configuration': ({ path, problem }) => ({ message: `${path}: ${ofProblem(problem)}.` }),
  'usage.value': ({ name, value, allowed }) => ({
    message: `"${value}" não é um valor para ${name}.`,
    hint: `Valores aceitos: ${allowed}.`,
  }),
  'usage.key': ({ path, problem }) => ({ message: keyText(path, problem) }),
  'usage.sign': ({ destination }) => ({
    message: `${destination} não tem onde guardar uma assinatura.`,
    hint: 'Grave em um registro ou em um layout OCI, ou omita --sign.',
  }),
  'usage.no-key': () => ({ message: 'Falta uma chave pública.', hint: 'Indique o arquivo dela: --key cosign.pub.' }),
  'usage.entrypoint': () => ({
    message: 'A imagem não executa nada: não tem entrypoint nem comando.',
    hint: 'O alcance começa no que a imagem executa; indique uma imagem com ENTRYPOINT ou CMD.',
  }),
  'usage.destination': ({ path, problem }) => ({
    message: `Não é possível gravar em ${path}: ${ofProblem(problem)}.`,
    hint: 'Indique um caminho novo, ou uma imagem do mesmo tipo que possa ser substituída.',
  }),
  'usage.base': ({ image, base }) => ({
    message: `${base} não é a base de ${image}, que não começa com as camadas dela.`,
    hint: 'A tag pode ter mudado desde a construção da imagem: nesse caso indique a base pelo digest, NOME@sha256:….',
  }),
  'usage.no-base': ({ image, setting, stated }) => ({
    message: `${setting} precisa da base de ${image}, que não é conhecida.`,
    hint: `Indique a imagem base com --base ${stated}.`,
  }),
  'usage.conflict': ({ path, one, other }) => ({
    message: `${one} e ${other} querem os dois ${path}.`,
    hint: 'Deixe um deles fora, ou tire o caminho de um deles com "drop".',
  }),
  'usage.recipe': ({ path, line, column, fault }) => ({
    message: `${path}:${line}:${column}: ${documentProblem(fault, 'a receita')}`,
    hint: 'As chaves de uma receita estão em docs/build/recipes.md.',
  }),
  'usage.contract': ({ path, line, column, fault }) => ({
    message: `${path}:${line}:${column}: ${documentProblem(fault, 'o contrato')}`,
    hint: 'As chaves de um contrato estão em docs/commands/contract.md.',
  }),
  'usage.contract-fails': ({ probe, problem }) => ({
    message: `A própria imagem não cumpre o contrato: "${probe}" ${problem}.`,
    hint: 'Corrija a sonda, ou dê mais tempo à imagem: ready: {within: 60s}.',
  }),
  'usage.other-contract': ({ answers }) => ({
    message: `${answers} foi gravado com outro contrato.`,
    hint: 'Grave de novo: cinzel contract record IMAGE.',
  }),
  'usage.unsatisfiable': ({ steps }) => ({
    message: `Nenhum conjunto de pacotes atende ao pedido: ${unmetText(steps, unmetWords)}.`,
    hint: 'Mude os pacotes ou suas versões na receita.',
  }),
  'usage.architecture': ({ release, architecture, available }) => ({
    message: `${release} não tem pacotes para ${architecture}.`,
    hint: `Há pacotes para: ${available}.`,
  }),
  'usage.unsolved': ({ wanted }) => ({
    message: `Escolher os pacotes para ${wanted} exigiu passos demais.`,
    hint: 'Diga quais pacotes, ou quais versões, devem atender ao que vários poderiam.',
  }),
  'usage.application': ({ fault }) => applicationText(fault),
  'usage.end-of-life': ({ release }) => ({
    message: `O suporte do ${release} terminou: ninguém mais corrige os seus pacotes.`,
    hint: 'Escolha uma versão mais nova, ou permita com --allow-eol.',
  }),
  'environment.not-found': ({ what, available }) => ({
    message: `Não encontrado: ${ofSubject(what)}.`,
    ...(available === undefined ? {} : { hint: `Existem: ${available}.` }),
  }),
  'environment.permission': ({ path }) => ({ message: `Sem permissão para usar ${path}.` }),
  'environment.read': ({ path, problem }) => ({ message: `Não foi possível ler ${path}: ${ofProblem(problem)}.` }),
  'environment.write': ({ path, problem }) => ({ message: `Não foi possível gravar ${path}: ${ofProblem(problem)}.` }),
  'environment.disk-full': ({ path }) => ({
    message: `Não há espaço livre suficiente para gravar ${path}.`,
    hint: 'Libere espaço ou rode "cinzel cache prune".',
  }),
  'environment.missing-tool': ({ tool, install }) => ({
    message: `${tool} é necessário e não está instalado.`,
    hint: install === undefined ? 'Instale o pacote que o contém.' : `Instale com: ${install}`,
  }),
  'environment.sandbox': ({ problem }) => ({
    message: `Nenhuma sandbox pode ser feita nesta máquina: ${problem}`,
    hint: 'Execute como root, ou permita namespaces de usuário.',
  }),
  'environment.platform': ({ image, machine }) => ({
    message: `A imagem é para ${image} e esta máquina é ${machine}; ela não pode ser executada aqui.`,
    hint: 'Registre um emulador (no Debian: qemu-user-static), ou deixe de fora o que a executa.',
  }),
  'environment.sandbox-image': ({ problem }) => ({
    message: `A sandbox não pode executar esta imagem: ${problem}`,
    hint: 'Ela troca de usuário ou de dono. Execute como root.',
  }),
  'environment.runtime': ({ runtime, problem }) => ({ message: `${runtime} não pôde executar a imagem: ${problem}` }),
  'environment.network': ({ url, problem, proxy }) => ({
    message: `Não foi possível acessar ${url}${proxy === undefined ? '' : ` pelo proxy ${proxy}`}: ${ofProblem(problem)}.`,
    hint: networkHint(problem, proxy),
  }),
  'environment.http': ({ url, status, retryAfter }) => ({
    message: `${url} respondeu com o status ${status}.`,
    ...statusHint(status, retryAfter),
  }),
  'environment.unauthorized': ({ host }) => ({
    message: `${host} recusou o acesso.`,
    hint: 'Faça login com a sua ferramenta de contêineres ou passe --username e defina CINZEL_PASSWORD.',
  }),
  'environment.offline': ({ what }) => ({
    message: `Precisa da rede, e --offline a proíbe: ${ofSubject(what)}.`,
    hint: 'Tire --offline ou baixe os dados antes.',
  }),
  'environment.no-store': ({ path }) => ({
    message: `Não há base de avisos em ${path}.`,
    hint: 'Rode "cinzel db update" enquanto houver rede, ou aponte CINZEL_DB_DIR para uma base.',
  }),
  'environment.locked': ({ path }) => ({
    message: `Outro processo está gravando ${path}.`,
    hint: 'Tente de novo quando ele terminar.',
  }),
  'environment.engine': ({ engine, problem }) => ({
    message: `Não foi possível usar o ${engine}: ${ofProblem(problem)}.`,
    hint: 'Verifique se ele está rodando e se você pode usar o socket dele.',
  }),
  'untrusted.not-an-image': ({ path }) => ({
    message: `${path} não é uma imagem de contêiner que o Cinzel conheça.`,
    hint: 'Ele lê arquivos do docker save, layouts OCI (pasta ou tar) e sistemas de arquivos raiz (dir:CAMINHO).',
  }),
  'untrusted.empty': ({ path }) => ({ message: `${ofSubject(path)} está vazio.` }),
  'untrusted.truncated': ({ what }) => ({
    message: `Termina antes da hora: ${ofSubject(what)}.`,
    hint: 'Copie ou baixe de novo.',
  }),
  'untrusted.store': ({ path, problem }) => ({
    message: `A base de avisos ${path} não pode ser lida: ${ofProblem(problem)}.`,
    hint: 'Rode "cinzel db update" para refazê-la.',
  }),
  'untrusted.malformed': ({ what, problem }) => ({
    message: `Malformado: ${ofSubject(what)}: ${ofProblem(problem)}.`,
    hint: 'Está danificado ou foi feito para causar dano: obtenha-o de novo de uma fonte em que você confie.',
  }),
  'untrusted.digest': ({ what, expected, actual }) => ({
    message: `O digest não é o que deveria ser: ${ofSubject(what)}: esperado ${expected}, obtido ${actual}.`,
    hint: 'O conteúdo foi danificado ou alterado; obtenha-o de novo de uma fonte em que você confie.',
  }),
  'untrusted.size': ({ what, expected, actual }) => ({
    message: `O tamanho não é o que deveria ser: ${ofSubject(what)}: esperados ${expected} bytes, obtidos ${actual}.`,
    hint: 'O conteúdo foi danificado ou alterado; obtenha-o de novo de uma fonte em que você confie.',
  }),
  'untrusted.signature': ({ what, problem }) => ({
    message: `Não se pode confiar em ${ofSubject(what)}: ${ofProblem(problem)}.`,
    hint: 'Use outro espelho; quais assinaturas valem está em "keys" da receita.',
  }),
  'untrusted.image-signature': ({ image, reason }) => signatureText(image, reason),
  'untrusted.expired': ({ what, date }) => ({
    message: `A validade de ${ofSubject(what)} terminou em ${date}.`,
    hint: 'Use um espelho atualizado, ou aceite um antigo com --allow-expired.',
  }),
  'untrusted.rolled-back': ({ what, date, newest }) => ({
    message: `${ofSubject(what)} é de ${date}, mais antigo que o de ${newest} que o mesmo arquivo já mostrou.`,
    hint: 'Tente mais tarde ou use outro espelho: este está atrasado, ou esconde correções mais novas.',
  }),
  'untrusted.limit': ({ limit, value, what }) => ({
    message: `O limite "${limit}" de ${value} foi ultrapassado: ${ofSubject(what)}.`,
    ...(Object.hasOwn(defaultLimits, limit)
      ? { hint: `Se você confia no conteúdo, aumente o limite com --limit ${limit}=N.` }
      : {}),
  }),
  'untrusted.unsupported': ({ what }) => ({
    message: `Não há suporte para ${ofSubject(what)}.`,
    hint: 'Talvez uma versão mais nova do Cinzel o conheça.',
  }),
  'untrusted.partial': ({ count }) => ({
    message: `A resposta é parcial: ${count} parte(s) da entrada não puderam ser lidas ou decididas.`,
    hint: 'Os diagnósticos do relatório dizem quais; tire --strict para aceitar uma resposta parcial.',
  }),
  'environment.no-suite': ({ suite }) => ({
    message: `O repositório não tem a suíte ${suite}.`,
    hint: 'Confira o endereço do espelho, que termina onde está "dists", e o nome da suíte.',
  }),
  'environment.unknown-archive': ({ archive }) => ({
    message: `Não se sabe onde fica o repositório "${archive}".`,
    hint: 'As imagens não dizem; indique também a receita: cinzel build RECEITA --check IMAGEM.',
  }),
  'environment.superseded': ({ package: name, snapshot }) => ({
    message: `O arquivo de pacotes não tem mais ${name}.`,
    hint: `Ele é guardado em ${snapshot}; ou resolva de novo com --update.`,
  }),
  'difference.lock': ({ path, changes }) => ({
    message:
      changes.length === 0 ? `Não há lock em ${path}.` : `O lock ${path} não é desta receita: ${changes.join('; ')}.`,
    hint: 'Retire --frozen para escrevê-lo, ou resolva de novo com --update.',
  }),
  'interrupted.signal': () => ({ message: 'Interrompido.' }),
};

function networkHint(problem: Problem, proxy: string | undefined): string {
  if (isCertificateProblem(problem)) {
    return 'Informe o arquivo da autoridade com --ca FILE, ou o host com --insecure HOST para confiar nele sem verificar.';
  }
  if (proxy === undefined) return 'Verifique a rede e o proxy, ou use --offline com dados baixados antes.';
  return 'HTTP_PROXY, HTTPS_PROXY ou ALL_PROXY indica o proxy; NO_PROXY indica os hosts acessados sem ele.';
}

function statusHint(status: number, retryAfter: number | undefined): { readonly hint?: string } {
  if (retryAfter !== undefined && retryAfter > 0)
    return { hint: `O servidor pede nova tentativa em ${retryAfter} segundos.` };
  if (status === 429) return { hint: 'Houve pedidos demais. Tente mais tarde; com login costuma-se poder pedir mais.' };
  return status >= 500 ? { hint: 'A falha é do servidor. Tente mais tarde.' } : {};
}

function documentProblem(problem: RecipeProblem, whole: string): string {
  switch (problem.kind) {
    case 'syntax':
      return `${ofProblem(problem.problem)}.`;
    case 'unknown-key':
      return `não existe a chave "${problem.key}"${problem.near === undefined ? '.' : `; seria "${problem.near}"?`}`;
    case 'value':
      return `${problem.key === '' ? whole : `"${problem.key}"`} não é o que deve ser: ${problem.expected}.`;
  }
}
