import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;

public final class Main {
  interface Page {
    String text() throws Exception;
  }

  public static void main(String[] words) throws Exception {
    var server = HttpServer.create(new InetSocketAddress(8080), 0);
    page(server, "/", () -> new String(Main.class.getResourceAsStream("hello.txt").readAllBytes()));
    page(server, "/zone", () -> DateTimeFormatter.ofPattern("EEEE, d MMMM", Locale.forLanguageTag("pt-BR"))
        .format(Instant.EPOCH.atZone(ZoneId.of("America/Sao_Paulo"))));
    page(server, "/digest", () -> HexFormat.of().formatHex(MessageDigest.getInstance("SHA3-256").digest(new byte[1])));
    server.start();
  }

  private static void page(HttpServer server, String path, Page page) {
    server.createContext(path, exchange -> {
      byte[] bytes;
      try {
        bytes = page.text().getBytes();
      } catch (Exception failure) {
        bytes = failure.toString().getBytes();
      }
      exchange.sendResponseHeaders(200, bytes.length);
      try (var body = exchange.getResponseBody()) {
        body.write(bytes);
      }
    });
  }
}
