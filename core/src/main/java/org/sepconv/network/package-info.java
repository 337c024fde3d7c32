/** Lists of operations with names: {@link org.sepconv.network.Network}, and two famous ones. */
package org.sepconv.network;
