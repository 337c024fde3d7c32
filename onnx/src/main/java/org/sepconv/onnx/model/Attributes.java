package org.sepconv.onnx.model;

import java.util.Map;
import java.util.Optional;

/**
 * The attributes of a node.
 *
 * @param values each a Long, Float, String, {@link Tensor}, {@code long[]}, {@code float[]} or
 *     {@code String[]}; others are left out
 */
public record Attributes(Map<String, Object> values) {
  public Attributes {
    values = Map.copyOf(values);
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  public long integer(String name, long otherwise) {
    return get(name, Long.class).orElse(otherwise);
  }

  public boolean flag(String name) {
    return integer(name, 0) != 0;
  }

  public float real(String name, float otherwise) {
    return get(name, Float.class).orElse(otherwise);
  }

  public String text(String name, String otherwise) {
    return get(name, String.class).orElse(otherwise);
  }

  /** Whole numbers, clamped to what an int holds. */
  public Optional<int[]> ints(String name) {
    return get(name, long[].class).map(values -> Tensor.vector(values).ints());
  }

  public Optional<float[]> reals(String name) {
    return get(name, float[].class);
  }

  public Optional<Tensor> tensor(String name) {
    return get(name, Tensor.class);
  }

  private <T> Optional<T> get(String name, Class<T> type) {
    Object value = values.get(name);
    if (value != null && !type.isInstance(value)) {
      throw new OnnxException("the attribute %s is of another type than ONNX says".formatted(name));
    }
    return Optional.ofNullable(type.cast(value));
  }
}
