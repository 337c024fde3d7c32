package org.sepconv.examples.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Weights;
import org.sepconv.graph.Networks;
import org.sepconv.session.Model;
import org.sepconv.vision.Framing;
import org.sepconv.vision.Preprocessing;

class ClassifyServiceTest {
  private static final int SIZE = 64;
  private static final Graph NETWORK = Networks.of("mobilenet_v3_small", SIZE, 0.5);

  private static ClassifyService start() throws IOException {
    Model model = Model.of(NETWORK, (GraphWeights) Weights.random(NETWORK, 3));
    Preprocessing preprocessing =
        Preprocessing.imagenet().withFraming(new Framing.Stretch(SIZE, SIZE));
    return ClassifyService.start(model, preprocessing, 0);
  }

  /** A picture of its own for each number. */
  private static byte[] picture(int number) throws IOException {
    BufferedImage image = new BufferedImage(90, 70, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.getHSBColor(number / 8f, 1, 1));
    graphics.fillOval(5 * number, 10, 40, 50);
    graphics.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return png.toByteArray();
  }

  private static HttpRequest post(ClassifyService service, byte[] body) {
    return HttpRequest.newBuilder(uri(service)).POST(BodyPublishers.ofByteArray(body)).build();
  }

  private static URI uri(ClassifyService service) {
    return URI.create("http://localhost:" + service.port() + "/classify");
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest request)
      throws Exception {
    return client.send(request, BodyHandlers.ofString());
  }

  @Test
  void manyAtOnceGetWhatEachGetsAlone() throws Exception {
    try (ClassifyService service = start();
        HttpClient client = HttpClient.newHttpClient()) {
      List<HttpRequest> requests = new ArrayList<>();
      List<String> alone = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        HttpRequest request = post(service, picture(i));
        HttpResponse<String> answer = send(client, request);
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(5, answer.body().lines().count());
        requests.add(request);
        alone.add(answer.body());
      }
      assertTrue(alone.stream().distinct().count() > 4, "pictures differ: " + alone);
      List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        all.add(client.sendAsync(requests.get(i % 8), BodyHandlers.ofString()));
      }
      int answered = 0;
      for (int i = 0; i < all.size(); i++) {
        HttpResponse<String> answer = all.get(i).join();
        if (answer.statusCode() == 503) {
          assertEquals("1", answer.headers().firstValue("Retry-After").orElse(""));
        } else {
          assertEquals(alone.get(i % 8), answer.body());
          answered++;
        }
      }
      assertTrue(answered >= ClassifyService.MOST_REQUESTS, answered + " answered");
    }
  }

  @Test
  void mistakesOfTheSenderAreNamed() throws Exception {
    try (ClassifyService service = start();
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> broken = send(client, post(service, new byte[] {1, 2, 3}));
      assertEquals(400, broken.statusCode());
      assertTrue(broken.body().startsWith("the picture"), broken.body());
      HttpResponse<String> large =
          send(client, post(service, new byte[ClassifyService.MOST_BYTES + 1]));
      assertEquals(413, large.statusCode());
      HttpResponse<String> get = send(client, HttpRequest.newBuilder(uri(service)).build());
      assertEquals(405, get.statusCode());
      assertEquals(200, send(client, post(service, picture(1))).statusCode());
    }
  }

  @Test
  void whatHasBegunIsAnsweredWhenItCloses() throws Exception {
    ClassifyService service = start();
    try (HttpClient client = HttpClient.newHttpClient()) {
      send(client, post(service, picture(0)));
      List<CompletableFuture<HttpResponse<String>>> begun = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        begun.add(client.sendAsync(post(service, picture(i)), BodyHandlers.ofString()));
      }
      begun.getFirst().join();
      service.close();
      service.close();
      int answered = 0;
      for (CompletableFuture<HttpResponse<String>> request : begun) {
        // Those that had not begun are refused, as a whole.
        answered += request.handle((answer, _) -> answer != null && whole(answer) ? 1 : 0).join();
      }
      assertTrue(answered > 0);
      HttpRequest late = post(service, picture(0));
      assertThrows(ConnectException.class, () -> send(client, late));
    }
  }

  private static boolean whole(HttpResponse<String> answer) {
    boolean busy = answer.statusCode() == 503;
    assertTrue(busy || answer.statusCode() == 200 && answer.body().lines().count() == 5);
    return !busy;
  }
}
