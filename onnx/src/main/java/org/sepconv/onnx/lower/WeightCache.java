package org.sepconv.onnx.lower;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.sepconv.Weights;
import org.sepconv.onnx.model.Tensor;

/**
 * What was made of a model's tensors, so that it is the same object for every size of the inputs:
 * backends pack such an object once. Thread-safe.
 */
public final class WeightCache {

  /** Equal to itself alone, whatever its values. */
  private record Same(Object object) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Same(Object that) && that == object;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(object);
    }
  }

  private final Map<List<Object>, Weights> made = new ConcurrentHashMap<>();

  /** What belongs to the model, and not to one size of its inputs. */
  private final Set<Same> lasting = ConcurrentHashMap.newKeySet();

  public WeightCache(Collection<Tensor> ofModel) {
    ofModel.forEach(tensor -> lasting.add(new Same(tensor)));
  }

  /**
   * Weights made of these tensors and weights; kept where all of them belong to the model.
   *
   * @param rule how they are made; with the same rule and sources they are the same
   */
  <W extends Weights> W of(Class<W> type, String rule, List<Object> sources, Supplier<W> maker) {
    List<Same> all = sources.stream().map(Same::new).toList();
    if (!lasting.containsAll(all)) {
      return maker.get();
    }
    List<Object> key = new ArrayList<>(all);
    key.add(rule);
    Weights weights = made.computeIfAbsent(key, _ -> maker.get());
    lasting.add(new Same(weights));
    return type.cast(weights);
  }
}
