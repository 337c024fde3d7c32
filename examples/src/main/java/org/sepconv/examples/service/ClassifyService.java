package org.sepconv.examples.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.sepconv.onnx.OnnxModel;
import org.sepconv.select.Backends;
import org.sepconv.session.InferenceSession;
import org.sepconv.session.Model;
import org.sepconv.spi.BackendOptions;
import org.sepconv.vision.Classes;
import org.sepconv.vision.PictureDecoder;
import org.sepconv.vision.PictureException;
import org.sepconv.vision.PictureTensor;
import org.sepconv.vision.Preprocessing;

/**
 * A service on this machine: {@code POST /classify} with a picture answers its likeliest classes, a
 * line each, {@code index share}.
 *
 * <pre>
 *   ClassifyService MODEL.onnx [PORT]
 *   curl --data-binary @cat.jpg http://localhost:8080/classify
 * </pre>
 *
 * <p>One network serves all requests, each run on one thread: requests fill the cores. No more of
 * them than {@value #MOST_REQUESTS} are taken at once; others are told to come back (503), and no
 * memory is kept for them. A picture that cannot be read is the sender's mistake (400), one of more
 * than {@value #MOST_BYTES} bytes is not read (413). When it is closed, requests that have begun
 * are answered.
 */
public final class ClassifyService implements AutoCloseable {
  static final int MOST_BYTES = 10_000_000;
  static final int MOST_REQUESTS = 64;

  private static final int USUAL_PORT = 8080;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore places = new Semaphore(MOST_REQUESTS);
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Backends backends;
  private final InferenceSession session;
  private final Preprocessing preprocessing;
  private final Classes classes;

  /** What a request is answered with. */
  private record Answer(int status, String text) {}

  private ClassifyService(
      HttpServer server, Backends backends, Model model, Preprocessing preprocessing) {
    this.server = server;
    this.backends = backends;
    this.session = new InferenceSession(backends.backend("cpu"), model);
    this.preprocessing = preprocessing.withThreads(1);
    this.classes = new Classes(List.of(), 5);
  }

  public static void main(String[] args) throws IOException {
    int port = args.length > 1 ? Integer.parseInt(args[1]) : USUAL_PORT;
    ClassifyService service =
        start(OnnxModel.read(Path.of(args[0])), Preprocessing.imagenet(), port);
    Runtime.getRuntime().addShutdownHook(new Thread(service::close));
    System.out.println("classifies what is sent to http://localhost:" + service.port());
  }

  /**
   * Starts it; the caller closes it.
   *
   * @param port 0 for any that is free
   */
  public static ClassifyService start(Model model, Preprocessing preprocessing, int port)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    HttpServer server = HttpServer.create(address, MOST_REQUESTS);
    Backends backends = Backends.discover(BackendOptions.defaults().withThreads(1));
    try {
      ClassifyService service = new ClassifyService(server, backends, model, preprocessing);
      server.createContext("/classify", service::handle);
      server.setExecutor(service.threads);
      server.start();
      return service;
    } catch (RuntimeException | Error failure) {
      server.stop(0);
      backends.close();
      throw failure;
    }
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    if (!places.tryAcquire()) {
      exchange.getResponseHeaders().set("Retry-After", "1");
      respond(exchange, new Answer(503, "busy\n"));
      return;
    }
    try {
      respond(exchange, answer(exchange));
    } finally {
      places.release();
    }
  }

  private static void respond(HttpExchange exchange, Answer answer) throws IOException {
    byte[] text = answer.text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(answer.status, text.length);
      exchange.getResponseBody().write(text);
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      return new Answer(405, "send a picture with POST\n");
    }
    byte[] file = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
    if (file.length > MOST_BYTES) {
      return new Answer(413, "a picture may have %d bytes\n".formatted(MOST_BYTES));
    }
    try {
      return new Answer(200, classify(file));
    } catch (PictureException refused) {
      return new Answer(400, refused.getMessage() + "\n");
    }
  }

  private String classify(byte[] file) throws PictureException {
    PictureTensor tensor =
        preprocessing.tensor(PictureDecoder.standard().decode(file, "the picture"));
    float[] outputs =
        session.run(List.of(tensor.spec().shape()), tensor.values()).getFirst().values();
    return classes.best(outputs).stream()
        .map(guess -> String.format(Locale.ROOT, "%d %.4f%n", guess.index(), guess.share()))
        .collect(Collectors.joining());
  }

  /** Answers the requests that have begun, while others are told that it is busy, and ends. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    places.acquireUninterruptibly(MOST_REQUESTS);
    server.stop(0);
    threads.close();
    try (backends;
        session) {
      // Closed in the other order, whatever one of them throws.
    }
  }
}
