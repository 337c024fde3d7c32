package org.sepconv.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void namesStayAsTheyAre() {
    for (String name : new String[] {"", "features.0", "conv/層 1", "naïve", "a😀b"}) {
      assertEquals(name, Printable.of(name));
    }
  }

  @Test
  void whatATerminalObeysBecomesAQuestionMark() {
    assertEquals("a?[31mb", Printable.of("a\u001b[31mb"));
    assertEquals("a??b", Printable.of("a\r\nb"));
    assertEquals("a?b?", Printable.of("a\u202eb\u0000"));
    assertEquals("a?b?", Printable.of("a\u2028b\ud800"));
  }
}
