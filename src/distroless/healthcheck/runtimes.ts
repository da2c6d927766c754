/** A program of the image that can ask for a page or knock at a port, given a script in its language. */
export interface ProbeRuntime {
  /** Of the package that brings it; the program's path may repeat what is captured. */
  readonly package: RegExp;
  /** Names of the program, wherever it is. */
  readonly names: RegExp;
  readonly program: (name: string) => string;
  /** The words that come before the URL, and before the port. */
  readonly http: readonly string[];
  readonly tcp: readonly string[];
}

const local = '127.0.0.1';

/** The runtimes of the ready recipes; each script ends with 0 when the answer is good and with another number else. */
export const probeRuntimes: readonly ProbeRuntime[] = [
  {
    package: /^nodejs$/,
    names: /^node(?:js)?$/,
    program: () => '/usr/bin/node',
    // Any version has these; a name may have an address that nobody listens at, and then the next is tried.
    http: [
      '-e',
      'const u=process.argv[1];require(u.split(":")[0]).get(u,{autoSelectFamily:true},({statusCode:s})=>process.exit(s<400?0:1)).on("error",()=>process.exit(1))',
    ],
    tcp: [
      '-e',
      `require("net").connect(+process.argv[1],"${local}",()=>process.exit(0)).on("error",()=>process.exit(1))`,
    ],
  },
  {
    package: /^python3(\.\d+)?(-minimal)?$/,
    names: /^python3(?:\.\d+)?$/,
    program: (name) => `/usr/bin/${name.replace(/-minimal$/, '')}`,
    http: ['-c', 'import sys,urllib.request\ntry:urllib.request.urlopen(sys.argv[1])\nexcept OSError:sys.exit(1)'],
    tcp: [
      '-c',
      `import sys,socket\ntry:socket.create_connection(("${local}",sys.argv[1]))\nexcept OSError:sys.exit(1)`,
    ],
  },
  {
    package: /^ruby(\d[\d.]*)?$/,
    names: /^ruby(?:\d[\d.]*)?$/,
    program: (name) => `/usr/bin/${name}`,
    http: ['-rnet/http', '-e', 'exit((Net::HTTP.get_response(URI(ARGV[0])).is_a?(Net::HTTPSuccess) rescue false))'],
    tcp: ['-rsocket', '-e', `exit((TCPSocket.new("${local}",ARGV[0]).close||true rescue false))`],
  },
  {
    package: /^php[\d.]+-cli$/,
    names: /^php(?:[\d.]+)?$/,
    program: (name) => `/usr/bin/${name.replace(/-cli$/, '')}`,
    http: ['-r', 'exit(@file_get_contents($argv[1])===false?1:0);', '--'],
    tcp: ['-r', `exit(@fsockopen("${local}",(int)$argv[1])===false?1:0);`, '--'],
  },
  {
    package: /^perl$/,
    names: /^perl$/,
    program: () => '/usr/bin/perl',
    http: ['-MHTTP::Tiny', '-e', 'exit(HTTP::Tiny->new->get($ARGV[0])->{success}?0:1)'],
    tcp: ['-MIO::Socket::INET', '-e', `exit(IO::Socket::INET->new("${local}:$ARGV[0]")?0:1)`],
  },
];
